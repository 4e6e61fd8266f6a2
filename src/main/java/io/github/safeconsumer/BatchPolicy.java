package io.github.safeconsumer;

import java.time.Duration;
import java.util.Objects;

/**
 * When a batch is handed to a {@link BatchHandler}: as soon as it is full, or once its first record
 * has waited for the linger time. Immutable.
 *
 * @param maxRecords most records of a batch, from 1 to 100,000
 * @param linger how long the first record of a batch that is not full waits for others, from 0
 *     (what is there is handed over at once) to 1 min
 */
public record BatchPolicy(int maxRecords, Duration linger) {
  /** Most records of a batch that can be asked for. */
  public static final int MOST_RECORDS = 100_000;

  /** Longest linger time that can be asked for. */
  public static final Duration LONGEST_LINGER = Duration.ofMinutes(1);

  public BatchPolicy {
    if (maxRecords < 1 || maxRecords > MOST_RECORDS) {
      throw new IllegalArgumentException(
          "maxRecords=" + maxRecords + " must be from 1 to " + MOST_RECORDS);
    }
    Objects.requireNonNull(linger, "linger");
    if (linger.isNegative() || linger.compareTo(LONGEST_LINGER) > 0) {
      throw new IllegalArgumentException(
          "linger=" + linger + " must be from 0 to " + LONGEST_LINGER.toMinutes() + " min");
    }
  }

  /** Batches of at most so many records, without waiting for more. */
  public static BatchPolicy of(int maxRecords) {
    return new BatchPolicy(maxRecords, Duration.ZERO);
  }

  /** The same, with a linger time. */
  public BatchPolicy linger(Duration time) {
    return new BatchPolicy(maxRecords, time);
  }
}
