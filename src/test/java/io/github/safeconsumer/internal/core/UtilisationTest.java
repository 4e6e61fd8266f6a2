package io.github.safeconsumer.internal.core;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class UtilisationTest {
  private final Utilisation utilisation = new Utilisation(4);
  private long now = Long.MAX_VALUE - SECONDS.toNanos(30); // the clock overflows meanwhile

  @Test
  void shouldCountAttemptsThatRunForMinutesAllTheWhile() {
    busy(2, 2_000, 100);
    for (int second = 2; second < 300; second++) {
      busy(2, 1_000, 100);
      assertThat(utilisation.share(now)).as("second %d", second).isCloseTo(0.5, within(0.001));
    }
  }

  @Test
  void shouldForgetWithinTenSeconds() {
    busy(4, 60_000, 20);
    assertThat(utilisation.share(now)).isCloseTo(1, within(0.001));
    busy(0, 5_000, 100);
    assertThat(utilisation.share(now)).as("halfway").isCloseTo(0.5, within(0.06));
    busy(0, 5_500, 100);
    assertThat(utilisation.share(now)).isCloseTo(0, within(0.001));
  }

  @Test
  void shouldForgetWhenNobodySamplesAnyMore() {
    busy(4, 60_000, 20);
    assertThat(utilisation.share(now + SECONDS.toNanos(11))).isZero();
  }

  @Test
  void shouldWeighSamplesByTheTimeBetweenThemAndNotByTheirNumber() {
    busy(0, 30_000, 100);
    busy(4, 1_000, 5); // a busy loop turns twenty times as often
    busy(0, 4_000, 100);
    busy(4, 1_000, 5);
    busy(0, 4_000, 100);
    assertThat(utilisation.share(now)).isCloseTo(0.2, within(0.02));
  }

  @Test
  void shouldNeverSayMoreThanAllNorLessThanNothing() {
    assertThat(utilisation.share(now)).as("never sampled").isZero();
    busy(9, 20_000, 50); // attempts of an earlier run count, too
    assertThat(utilisation.share(now)).isEqualTo(1);
    assertThat(utilisation.share(now - SECONDS.toNanos(1))).isBetween(0.0, 1.0);
  }

  /** So many were busy for so long, sampled so often. */
  private void busy(int count, long millis, long every) {
    for (long left = millis; left > 0; left -= every) {
      utilisation.sample(now, count);
      now += MILLISECONDS.toNanos(every);
    }
    utilisation.sample(now, count);
  }
}
