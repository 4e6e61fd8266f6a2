package io.github.safeconsumer.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** When attempts began, against a rate. */
final class Starts {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long[] at;

  private Starts(long[] at) {
    this.at = at;
  }

  static Starts of(Collection<Handled.Attempt> attempts) {
    return new Starts(attempts.stream().mapToLong(Handled.Attempt::began).sorted().toArray());
  }

  /**
   * Whether any two starts have more between them than the rate and its burst allow.
   *
   * @param since when the rate came into force. An attempt is late against its token, never early,
   *     so what was started since then is bounded whatever the machine does.
   * @param standstill by so much an attempt may be late: between two attempts, the first of which
   *     was late, there is room for that much more
   */
  void checkAgainst(double rate, long since, Duration standstill) {
    double burst = Math.max(1, rate / 10);
    for (int last = 0; last < at.length; last++) {
      assertThat((double) last + 1)
          .as("attempts started within %.3f s", (at[last] - since) / NANOS)
          .isLessThanOrEqualTo(rate * (at[last] - since) / NANOS + burst);
      for (int first = 0; first < last; first++) {
        double seconds = (at[last] - at[first] + standstill.toNanos()) / NANOS;
        if (last - first + 1 > rate * seconds + burst + 1) {
          throw new AssertionError(
              "%d attempts started within %.3f s".formatted(last - first + 1, seconds));
        }
      }
    }
  }

  int mostInASecond() {
    int most = 0;
    int first = 0;
    for (int last = 0; last < at.length; last++) {
      while (at[last] - at[first] > NANOS) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  double average() {
    return at.length < 2 ? 0 : (at.length - 1) * NANOS / (at[at.length - 1] - at[0]);
  }
}
