package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** No second sees more starts than the rate and what may be saved up; none is given away. */
class RateLimitTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void shouldNeverStartMoreInAnySecondThanTheRateAndATenthOfIt() {
    Seeds.each(
        60,
        random -> {
          double perSecond = Math.exp(random.nextDouble() * 9);
          RateLimit limit = new RateLimit(1);
          long now = Long.MAX_VALUE - SECOND;
          limit.perSecond(perSecond, now);
          ArrayDeque<long[]> starts = new ArrayDeque<>();
          long inLastSecond = 0;
          for (int i = 0; i < 2_000; i++) {
            now += random.nextInt(random.nextBoolean() ? 1_000_000 : 40_000_000);
            int granted = limit.available(1 + random.nextInt(50), now);
            limit.take(granted);
            starts.add(new long[] {now, granted});
            inLastSecond += granted;
            while (now - starts.getFirst()[0] >= SECOND) {
              inLastSecond -= starts.removeFirst()[1];
            }
            assertThat((double) inLastSecond)
                .as("at %s per second", perSecond)
                .isLessThanOrEqualTo(perSecond + Math.max(1, perSecond / 10) + 1e-3);
          }
        });
  }

  @Test
  void shouldReachTheRateWhenAskedWheneverItSaysSo() {
    Seeds.each(
        60,
        random -> {
          double perSecond = Math.exp(random.nextDouble() * 9);
          RateLimit limit = new RateLimit(1);
          long begun = 0;
          limit.perSecond(perSecond, begun);
          long now = begun;
          long started = 0;
          for (int i = 0; i < 500; i++) {
            now += limit.nanosUntil(1, now);
            int granted = limit.available(Integer.MAX_VALUE, now);
            assertThat(granted).as("the time it named has come").isPositive();
            limit.take(granted);
            started += granted;
          }
          assertThat(started).isGreaterThanOrEqualTo((long) ((now - begun) / 1e9 * perSecond));
        });
  }

  @Test
  void shouldSaveUpABatchButNotMoreThanASecondsWorth() {
    RateLimit limit = new RateLimit(500);
    limit.perSecond(200, 0);
    assertThat(limit.available(1_000, 60 * SECOND)).isEqualTo(200);
    limit.perSecond(5_000, 60 * SECOND);
    assertThat(limit.available(1_000, 120 * SECOND)).isEqualTo(500);
    limit.take(500);
    assertThat(limit.nanosUntil(250, 120 * SECOND)).isEqualTo(SECOND / 20);
  }

  @Test
  void shouldTakeANewRateAtOnceAndKeepNoMoreThanItAllows() {
    RateLimit limit = new RateLimit(1);
    assertThat(limit.available(7, 0)).as("no limit").isEqualTo(7);
    limit.perSecond(1_000, 0);
    assertThat(limit.available(7_000, SECOND)).isEqualTo(100);
    limit.perSecond(10, SECOND);
    assertThat(limit.available(100, SECOND)).isEqualTo(1);
    limit.perSecond(Double.POSITIVE_INFINITY, SECOND);
    assertThat(limit.available(1_000_000, SECOND)).isEqualTo(1_000_000);
    limit.perSecond(10, SECOND);
    assertThat(limit.available(100, SECOND)).as("nothing saved up without a limit").isEqualTo(1);
  }

  @Test
  void shouldWaitAQuarterOfAnHourForARecordAtTheLowestRate() {
    RateLimit limit = new RateLimit(1);
    limit.perSecond(0.001, 0);
    limit.take(limit.available(1, 0));
    assertThat(limit.nanosUntil(1, 0)).isEqualTo(1_000 * SECOND);
    assertThat(limit.available(1, 999 * SECOND)).isZero();
    assertThat(limit.available(1, 1_001 * SECOND)).isOne();
  }

  @Test
  void shouldNotGiveTheSameTimeTwiceWhenAThreadIsBehindAnother() {
    RateLimit limit = new RateLimit(1);
    limit.perSecond(100, 0);
    limit.take(limit.available(100, SECOND / 10));
    assertThat(limit.available(1, SECOND / 10)).as("just taken").isZero();
    assertThat(limit.available(1, SECOND / 25)).as("read the clock earlier").isZero();
    assertThat(limit.available(1, SECOND / 10)).as("no time has passed").isZero();
    assertThat(limit.available(5, SECOND * 12 / 100)).as("20 ms at 100 a second").isEqualTo(2);
  }
}
