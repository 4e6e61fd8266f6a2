package io.github.safeconsumer.micrometer;

import io.github.safeconsumer.PartitionStatus;
import java.time.Duration;
import java.util.Optional;

/** Durations as meters show them; NaN for what is not known. */
final class Seconds {
  private static final double NANOS = 1e9;

  private Seconds() {}

  static double of(Duration duration) {
    return duration.getSeconds() + duration.getNano() / NANOS;
  }

  static double of(Optional<Duration> duration) {
    return duration.map(Seconds::of).orElse(Double.NaN);
  }

  /** 0 where nothing waits. */
  static double age(PartitionStatus partition) {
    boolean nothingWaits = partition.lag().isPresent() && partition.lag().getAsLong() == 0;
    return partition.oldestAge().isEmpty() && nothingWaits ? 0 : of(partition.oldestAge());
  }

  /** 0 where no attempt runs. */
  static double oldestAttempt(PartitionStatus partition) {
    return of(partition.oldestAttempt().orElse(Duration.ZERO));
  }

  /** The larger; of a number and NaN the number. */
  static double max(double a, double b) {
    return Double.isNaN(a) || b > a ? b : a;
  }
}
