package io.github.safeconsumer.internal.core;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecentRateTest {
  private static final long START = Long.MAX_VALUE - SECONDS.toNanos(15); // it overflows meanwhile

  private final RecentRate rate = new RecentRate();
  private long now = START;
  private double total = 1_000_000; // what was done before it is watched does not count

  @Test
  void shouldKnowNothingInTheFirstSecond() {
    assertThat(rate.perSecond(now, total)).as("never looked").isEmpty();
    rate.at(now, total);
    rises(100, 999);
    assertThat(rate.perSecond(now, total)).isEmpty();
    rises(100, 1);
    assertThat(rate.perSecond(now, total).orElseThrow()).isCloseTo(100, within(0.01));
  }

  @Test
  void shouldTellTheRateOfTheLastTenSecondsAlone() {
    rises(1_000, 60_000);
    rises(10, 5_000);
    assertThat(rate.perSecond(now, total).orElseThrow()).as("half of each").isBetween(480.0, 530.0);
    rises(10, 5_000);
    assertThat(rate.perSecond(now, total).orElseThrow()).isCloseTo(10, within(0.01));
  }

  @Test
  void shouldFallToZeroWhenNobodyLooksAndNothingIsDone() {
    rises(1_000, 20_000);
    assertThat(rate.perSecond(now + SECONDS.toNanos(11), total).orElseThrow()).isZero();
    now += SECONDS.toNanos(3_600);
    assertThat(rate.perSecond(now, total).orElseThrow()).isZero();
    rises(50, 10_000);
    assertThat(rate.perSecond(now, total).orElseThrow()).isCloseTo(50, within(0.5));
  }

  @Test
  void shouldCountWhatWasDoneSinceTheNewestLook() {
    rate.at(now, total);
    now += SECONDS.toNanos(2);
    assertThat(rate.perSecond(now, total + 500).orElseThrow()).isCloseTo(250, within(0.01));
  }

  /** Any pace, any pattern of looks: off by half a second of the window at most. */
  @Test
  void shouldAgreeWithAllLooksEverMade() {
    Seeds.each(
        200,
        random -> {
          RecentRate watched = new RecentRate();
          TreeMap<Long, Double> looks = new TreeMap<>();
          long at = 0;
          double sum = 0;
          for (int i = 0; i < 1_000; i++) {
            watched.at(START + at, sum);
            looks.put(at, sum);
            if (at >= SECONDS.toNanos(10)) {
              long begin = at - SECONDS.toNanos(10);
              double most = (sum - at(looks, begin - MILLISECONDS.toNanos(500))) / 10;
              double least = (sum - at(looks, begin + MILLISECONDS.toNanos(500))) / 10;
              assertThat(watched.perSecond(START + at, sum).orElseThrow())
                  .isBetween(least - 1e-6, most + 1e-6);
            }
            at += MILLISECONDS.toNanos(random.nextInt(50) == 0 ? 20_000 : 5 + random.nextInt(96));
            sum += random.nextInt(10) == 0 ? random.nextInt(1_000) : random.nextInt(3);
          }
        });
  }

  private static double at(NavigableMap<Long, Double> looks, long moment) {
    Map.Entry<Long, Double> before = looks.floorEntry(moment);
    Map.Entry<Long, Double> after = looks.ceilingEntry(moment);
    if (before == null || after == null || before.getKey().equals(after.getKey())) {
      return before == null ? looks.firstEntry().getValue() : before.getValue();
    }
    double share = (double) (moment - before.getKey()) / (after.getKey() - before.getKey());
    return before.getValue() + (after.getValue() - before.getValue()) * share;
  }

  /** For so long, looked at every 50 ms and at the end. */
  private void rises(double perSecond, long millis) {
    rate.at(now, total);
    for (long left = millis; left > 0; left -= 50) {
      long step = Math.min(50, left);
      now += MILLISECONDS.toNanos(step);
      total += perSecond * step / 1_000;
      rate.at(now, total);
    }
  }
}
