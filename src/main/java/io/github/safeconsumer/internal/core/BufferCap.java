package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;

/**
 * How many records of a partition may be polled and not done. What is full is not fetched, and it
 * takes a few milliseconds until records come again: a partition that runs dry in that time gets
 * more, up to ten times as many; one that stays full goes back to what was configured. Not
 * thread-safe: its partition guards it.
 */
final class BufferCap {
  private static final int MOST = 10;

  /** At less than this share of its cap it is as good as dry. */
  private static final int DRY = 8;

  private static final long STAYS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private int times = 1;
  private boolean full;
  private long fullSince;

  /**
   * The cap now.
   *
   * @param configured the least
   * @param records that it has
   */
  int of(int configured, int records, long nowNanos) {
    if (full) {
      if (records <= (long) times * configured / DRY) {
        times = Math.min(MOST, 2 * times);
      } else if (nowNanos - fullSince >= STAYS_NANOS) {
        times = 1;
      }
    }
    return (int) Math.min(Integer.MAX_VALUE, (long) times * configured);
  }

  /** Whether it is full, from here on. */
  void full(boolean isFull, long nowNanos) {
    if (isFull && !full) {
      fullSince = nowNanos;
    }
    full = isFull;
  }
}
