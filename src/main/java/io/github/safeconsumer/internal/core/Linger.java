package io.github.safeconsumer.internal.core;

import java.time.Duration;

/**
 * How long the records of a batch that is not full wait for others. Pure; guarded by the partition.
 */
final class Linger {
  private final long longestNanos;
  private long since;
  private boolean waiting;

  Linger(Duration longest) {
    longestNanos = longest.toNanos();
  }

  /**
   * How long what is ready may still wait. The first question starts the clock.
   *
   * @param full records of a batch that waits for no others
   */
  long nanosLeft(Lanes lanes, int full, long nowNanos) {
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
