package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.BatchPolicy;

/**
 * How long the records of a batch that is not full wait for others. Pure; guarded by the partition.
 */
final class Linger {
  private final int full;
  private final long longestNanos;
  private long since;
  private boolean waiting;

  Linger(BatchPolicy policy) {
    full = policy.maxRecords();
    longestNanos = policy.linger().toNanos();
  }

  /** Whether what is ready should be handed out now. */
  boolean isOver(Lanes lanes, long nowNanos) {
    return nanosLeft(lanes, nowNanos) == 0;
  }

  /** How long what is ready may still wait. The first question starts the clock. */
  long nanosLeft(Lanes lanes, long nowNanos) {
    if (lanes.readyAlone() > 0 || lanes.readyRecords() >= full) {
      return 0;
    }
    if (!waiting) {
      waiting = true;
      since = nowNanos;
    }
    return Math.max(0, longestNanos - (nowNanos - since));
  }

  /** A batch was handed out: what is ready later waits anew. */
  void handedOut() {
    waiting = false;
  }
}
