package io.github.safeconsumer.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of records at the head of a lane that one worker goes through without the partition's
 * lock: once taken for all of them, it would otherwise be taken twice for each. The records stay in
 * their lane meanwhile, and whoever has the lock books first what is done of them: so what others
 * see there is always true.
 *
 * <p>Concurrency: the worker alone goes on and says what is done. It publishes an attempt before it
 * looks whether that may start; whoever ends the ownership says so before looking at what runs. So
 * one of them sees the other. Booking reads how many are done, and what was written before that.
 */
final class LaneRun {
  /** Few, so that no count of others is off by much; the lock costs nothing any more. */
  static final int MOST = 32;

  /** What takes no longer may count as long as the longest of such. */
  private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

  private static final VarHandle DONE;

  static {
    try {
      DONE = MethodHandles.lookup().findVarHandle(LaneRun.class, "done", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Lane lane;
  private final long[] handlerNanos;

  // ---- the worker's own
  private @Nullable OpenRecord next;
  private int left;

  /** The attempt under way, or the last one; null before the first. */
  private volatile @Nullable Attempt current;

  private volatile boolean over;

  @SuppressWarnings("UnusedVariable") // through the handle
  private int done;

  private long lastLeftNanos;

  // ---- the partition's, under its lock
  private int booked;

  /** Where it stands among what runs. */
  int place = -1;

  LaneRun(Lane lane, OpenRecord first, int records) {
    this.lane = lane;
    this.next = first;
    this.left = records;
    this.handlerNanos = new long[records];
  }

  Lane lane() {
    return lane;
  }

  // ---- the worker's side

  /** An attempt on the next record, for others to see from here on; null at the end. */
  @Nullable Attempt next(long nowNanos, int breakerEra) {
    OpenRecord record = next;
    if (record == null || over) {
      return null;
    }
    left--;
    next = left == 0 ? null : record.next;
    Attempt attempt = new Attempt(lane, record, null, nowNanos, breakerEra);
    attempt.run = this;
    current = attempt;
    return attempt;
  }

  /** The record of the attempt under way is done. */
  void succeeded(Attempt attempt) {
    int before = done;
    handlerNanos[before] = attempt.handlerNanos();
    lastLeftNanos = attempt.leftNanos();
    DONE.setRelease(this, before + 1);
  }

  // ---- the partition's side

  /** It does not go on. */
  void end() {
    over = true;
  }

  /** How many are done that were not booked; they are, from here on. */
  int takeDone() {
    int all = (int) DONE.getAcquire(this);
    int more = all - booked;
    booked = all;
    return more;
  }

  /** Passes on how long the handler took for so many that were just taken: quick ones as one. */
  void observe(Share share, int records) {
    int quick = 0;
    long longest = 0;
    for (int i = booked - records; i < booked; i++) {
      long nanos = handlerNanos[i];
      if (nanos > QUICK_NANOS) {
        share.observed(nanos, 1, lastLeftNanos);
      } else {
        quick++;
        longest = Math.max(longest, nanos);
      }
    }
    if (quick > 0) {
      share.observedQuick(longest, quick, lastLeftNanos);
    }
  }

  /** The attempt under way, or the last one. */
  @Nullable Attempt current() {
    return current;
  }
}
