package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;

/**
 * Up to where records may start: no record at or past the end of the lease starts unless a
 * confirmed commit holds that end. So after any death, whatever ran lies between the committed
 * watermark and the end of the lease. Pure; guarded by its partition.
 *
 * <p>Each commit renews it, ten seconds ahead at the present rate, so it costs no commit of its own
 * while commits succeed.
 */
final class Lease {
  private static final long LEAST = 1_000;
  private static final long MOST = 1_000_000;
  private static final long GROWS = 8;
  private static final long AHEAD_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long MEASURED_OVER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private long confirmedEnd;
  private long wantedEnd;
  private long ahead = LEAST;
  private long measuredFrom;
  private long measuredAt;

  Lease(long start, long nowNanos) {
    confirmedEnd = start;
    wantedEnd = start;
    measuredFrom = start;
    measuredAt = nowNanos;
  }

  /** The end that is in force: the first offset that must not start. */
  long end() {
    return confirmedEnd;
  }

  /**
   * The end to ask for with a commit that goes out now. Never falls: what starts under a confirmed
   * end has to stay below every later one.
   *
   * @param next the lowest offset that the next polled record can have
   * @param usedUp whether all below the end has been run: it was too short, however long it took to
   *     find that out
   */
  long renew(long next, boolean usedUp, long nowNanos) {
    long over = nowNanos - measuredAt;
    if (usedUp && over < MEASURED_OVER_NANOS) {
      ahead = Math.min(MOST, GROWS * ahead);
    } else if (over >= MEASURED_OVER_NANOS) {
      double perNano = (double) (next - measuredFrom) / over;
      ahead = Math.min(MOST, Math.max(LEAST, (long) (perNano * AHEAD_NANOS)));
      measuredFrom = next;
      measuredAt = nowNanos;
    }
    long end = next > Long.MAX_VALUE - ahead ? Long.MAX_VALUE : next + ahead;
    wantedEnd = Math.max(wantedEnd, end);
    return wantedEnd;
  }

  /** The same with an end that others have found; it never falls either. */
  long until(long end) {
    wantedEnd = Math.max(wantedEnd, end);
    return wantedEnd;
  }

  /** A commit that holds this end was confirmed. True when records may start that could not. */
  boolean confirmed(long end) {
    if (end <= confirmedEnd) {
      return false;
    }
    confirmedEnd = end;
    return true;
  }
}
