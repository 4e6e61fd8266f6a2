package io.github.safeconsumer.internal.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts dead letters in a row without a success between them: after a bad deploy every record
 * fails, and a topic must not be drained into the dead letters.
 *
 * <p>Thread-safe. {@link #succeeded()} is called for every record by every worker, so it only reads
 * while the count is 0, and the cache line stays shared between cores. A success that races with
 * dead letters may end the row a letter earlier or later; both orders happened at the same time.
 */
public final class FloodGuard {
  private final int limit;
  private final AtomicLong inARow = new AtomicLong();

  /**
   * @param limit from 1; {@link Integer#MAX_VALUE} is never reached in practice
   */
  public FloodGuard(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit=" + limit + " must be at least 1");
    }
    this.limit = limit;
  }

  /**
   * A record became a dead letter. True for exactly that call which reaches the limit: the moment
   * to pause.
   */
  public boolean deadLettered() {
    return inARow.updateAndGet(n -> n > limit ? n : n + 1) == limit;
  }

  /** Dead letters in a row that are too many. */
  public int limit() {
    return limit;
  }

  /** A record succeeded. */
  public void succeeded() {
    if (inARow.get() != 0) {
      inARow.set(0);
    }
  }

  /** The caller resumed: the count starts again. */
  public void reset() {
    inARow.set(0);
  }

  /** Whether the limit is reached and nothing came since. */
  public boolean isFlood() {
    return inARow.get() >= limit;
  }

  /** Dead letters since the last success or reset, up to just over the limit. */
  public long inARow() {
    return inARow.get();
  }
}
