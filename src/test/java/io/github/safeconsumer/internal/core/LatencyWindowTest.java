package io.github.safeconsumer.internal.core;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The latency that is reckoned with: cautious, quick to see what got slow, and forgetful. */
class LatencyWindowTest {
  private static final long MS = MILLISECONDS.toNanos(1);

  private final LatencyWindow window = new LatencyWindow();
  private long now = Long.MAX_VALUE - SECONDS.toNanos(5); // the clock may wrap

  private void handled(int times, long nanosEach) {
    for (int i = 0; i < times; i++) {
      now += nanosEach;
      window.add(nanosEach, 1, now);
    }
  }

  @Test
  void shouldNeverTellAQuantileBelowTheTrueOneNorMoreThanASixteenthAboveIt() {
    Seeds.each(
        100,
        random -> {
          LatencyCounts counts = new LatencyCounts();
          long[] all = new long[1 + random.nextInt(300)];
          for (int i = 0; i < all.length; i++) {
            all[i] = 2_000L + (long) Math.exp(random.nextDouble() * 32);
            counts.add(all[i], 1);
          }
          Arrays.sort(all);
          for (double share : new double[] {0.01, 0.5, 0.95, 0.99, 1}) {
            long exact = all[(int) Math.ceil(all.length * share) - 1];
            assertThat(counts.quantile(share))
                .as("%s of %s", share, all.length)
                .isBetween(exact, exact + exact / 16 + 2_048);
          }
        });
  }

  @Test
  void shouldReckonWithTheFirstSlowRecordAfterThousandsOfFastOnes() {
    handled(5_000, MS);
    assertThat(window.cautiousNanos()).isBetween(MS, MS * 11 / 10);
    handled(1, 100 * MS);
    assertThat(window.cautiousNanos()).isGreaterThanOrEqualTo(100 * MS);
  }

  @Test
  void shouldForgetASlowRegimeWithinTenSecondsAndAFewRecords() {
    handled(50, 1_000 * MS);
    handled(12_000, MS);
    assertThat(window.cautiousNanos()).isBetween(MS, MS * 11 / 10);
    assertThat(window.samples()).isLessThanOrEqualTo(12_000);
  }

  @Test
  void shouldKeepTheLastFewOfATopicWithARecordNowAndThen() {
    for (int i = 0; i < 20; i++) {
      now += SECONDS.toNanos(60);
      window.add(50 * MS, 1, now);
    }
    assertThat(window.samples()).isEqualTo(5);
    assertThat(window.cautiousNanos()).isGreaterThanOrEqualTo(50 * MS);
  }

  @Test
  void shouldReckonWithATailThatMoreThanOneInTwentyHas() {
    for (int i = 0; i < 100; i++) {
      handled(9, MS);
      handled(1, 500 * MS);
      handled(90, MS); // the recent figure has sunk again
    }
    assertThat(window.quantile(0.5)).isLessThan(2 * MS);
    assertThat(window.quantile(0.995)).isGreaterThanOrEqualTo(500 * MS);
    assertThat(window.cautiousNanos()).isLessThan(20 * MS);
  }

  @Test
  void shouldCountABatchAsAsManyRecords() {
    window.add(MS, 500, now);
    window.add(40 * MS, 10, now);
    assertThat(window.samples()).isEqualTo(510);
    assertThat(window.quantile(0.95)).isLessThan(2 * MS);
    window.add(MS, 500, now);
    assertThat(window.cautiousNanos()).as("the recent figure sinks by records").isLessThan(2 * MS);
  }
}
