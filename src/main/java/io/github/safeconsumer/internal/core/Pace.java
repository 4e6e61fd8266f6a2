package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;

/**
 * How many records of a partition get done in 20 ms, as measured last. One that stands still has
 * none, whatever its topic is used to. Not thread-safe: its partition guards it.
 */
final class Pace {
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private long done;
  private boolean measured;
  private long measuredAt;
  private long measuredDone;
  private long soon;

  /** One more record is done. */
  void another() {
    done++;
  }

  /** How many are done. */
  long done() {
    return done;
  }

  /** To be asked in the order of time. */
  long soonDone(long nowNanos) {
    long over = nowNanos - measuredAt;
    if (!measured || over >= WINDOW_NANOS) {
      soon = measured ? (long) ((double) (done - measuredDone) / over * WINDOW_NANOS) : 0;
      measured = true;
      measuredDone = done;
      measuredAt = nowNanos;
    }
    return soon;
  }
}
