package io.github.safeconsumer.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call of the handler, on a record or a batch, between who runs it and its watchdog: until when
 * it has to end, and who was first.
 *
 * <pre>
 *   RUNNING --deadline--> INTERRUPTING --> INTERRUPTED --grace is over--> ABANDONED
 *     |                                        |
 *     +--returns-------------------------------+------> RETURNED
 *     |                                        |           ^
 *     +--a stage instead of a thread-----------+--> DETACHED --deadline--> CANCELLED --> ABANDONED
 * </pre>
 *
 * <p>Concurrency: every move is a compare-and-set, so exactly one of "it returned" and "nobody
 * waits for it" comes true. An interrupt is sent while INTERRUPTING, by a watchdog that holds a
 * lock; a thread that finds that state waits for the lock before it goes on. So an interrupt has
 * arrived, and can be cleared, before the thread takes the next record. The lock is one for all
 * calls: it must not be an object that user code can see, and is hardly ever taken.
 */
public abstract class HandlerCall {
  private static final Object INTERRUPTING_NOW = new Object();
  private static final Duration LONGEST_EXTENSION = Duration.ofHours(24);

  private static final int RUNNING = 0;
  private static final int INTERRUPTING = 1;
  private static final int INTERRUPTED = 2;
  private static final int DETACHED = 3;
  private static final int CANCELLED = 4;
  private static final int RETURNED = 5;
  private static final int ABANDONED = 6;

  private static final VarHandle STATE;
  private static final VarHandle DEADLINE;
  private static final VarHandle OVER;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(HandlerCall.class, "state", int.class);
      DEADLINE = lookup.findVarHandle(HandlerCall.class, "deadlineNanos", long.class);
      OVER = lookup.findVarHandle(HandlerCall.class, "over", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long begunNanos;

  // Not volatile, since a call is made for each record: reads and writes go through the handles.
  @SuppressWarnings("UnusedVariable")
  private int state;

  @SuppressWarnings("UnusedVariable")
  private long deadlineNanos;

  @SuppressWarnings("UnusedVariable")
  private boolean over;

  /** When the grace began; the watchdog's own. */
  private long warnedNanos;

  HandlerCall(long begunNanos, @Nullable HandlerTimeout timeout) {
    this.begunNanos = begunNanos;
    this.deadlineNanos = timeout == null ? 0 : begunNanos + timeout.nanos();
  }

  /** Null where it may take for ever. */
  abstract @Nullable HandlerTimeout timeout();

  /** On each of its records, in offset order. */
  public abstract List<Attempt> attempts();

  /** On the first of them. */
  public abstract Attempt first();

  /** Monotonic time at which it began. */
  public final long begunNanos() {
    return begunNanos;
  }

  // ---- the handler's side

  /** When it has to end, by the wall clock. */
  public final Instant deadline() {
    HandlerTimeout timeout = timeout();
    if (timeout == null) {
      return Instant.MAX;
    }
    long left = (long) DEADLINE.getVolatile(this) - timeout.nowNanos().getAsLong();
    return Instant.ofEpochMilli(
        timeout.nowMillis().getAsLong() + TimeUnit.NANOSECONDS.toMillis(left));
  }

  /** At least so long from now on, where the deadline has not passed. */
  public final void extendDeadline(Duration time) {
    if (time.isNegative() || time.isZero() || time.compareTo(LONGEST_EXTENSION) > 0) {
      throw new IllegalArgumentException(
          "time=" + time + " must be over 0 and at most " + LONGEST_EXTENSION);
    }
    HandlerTimeout timeout = timeout();
    if (timeout == null) {
      return;
    }
    long now = timeout.nowNanos().getAsLong();
    long wanted = now + time.toNanos();
    for (long current = (long) DEADLINE.getVolatile(this);
        mayStillExtend() && current - now > 0 && wanted - current > 0;
        current = (long) DEADLINE.getVolatile(this)) {
      if (DEADLINE.compareAndSet(this, current, wanted)) {
        return;
      }
    }
  }

  private boolean mayStillExtend() {
    int now = state();
    return now == RUNNING || now == DETACHED;
  }

  // ---- the side of who runs it

  /**
   * The handler was left. May be called again.
   *
   * @return false when it was abandoned before: nothing it did counts, and neither its lane nor its
   *     permit is the caller's
   */
  public final boolean returns() {
    return moveOn(RETURNED);
  }

  /**
   * The handler was left with a stage: no thread is in it any more.
   *
   * @return false when it was abandoned before
   */
  public final boolean detach() {
    return moveOn(DETACHED);
  }

  private boolean moveOn(int next) {
    while (true) {
      int now = state();
      if (now == ABANDONED) {
        return false;
      }
      if (now == RETURNED) {
        return true;
      }
      if (now == INTERRUPTING) {
        synchronized (INTERRUPTING_NOW) {
          continue; // it has been sent
        }
      }
      if (STATE.compareAndSet(this, now, next)) {
        return true;
      }
    }
  }

  /** Its time is over, whether or not anybody still waits for it. */
  public final boolean isOverdue() {
    int now = state();
    return now == INTERRUPTING || now == INTERRUPTED || now == CANCELLED || now == ABANDONED;
  }

  /** Whoever ran it is through with it, whatever became of its result. */
  public final void markReturned() {
    OVER.setRelease(this, true);
  }

  /** Whether the handler was really left. */
  public final boolean hasReturned() {
    return (boolean) OVER.getAcquire(this);
  }

  // ---- the watchdog's side

  /** Whether the next step against it is due. */
  public final boolean isDue(long nowNanos) {
    HandlerTimeout timeout = timeout();
    if (timeout == null) {
      return false;
    }
    return switch (state()) {
      case RUNNING, DETACHED -> isPast(nowNanos);
      case INTERRUPTED, CANCELLED -> nowNanos - warnedNanos >= timeout.graceNanos();
      default -> false;
    };
  }

  private boolean isPast(long nowNanos) {
    return nowNanos - (long) DEADLINE.getVolatile(this) >= 0;
  }

  /**
   * At the deadline of one that is on a thread.
   *
   * @param interrupt run only while the thread is in the handler
   * @return whether it was
   */
  public final boolean interruptIfDue(long nowNanos, Runnable interrupt) {
    if (!isDue(nowNanos)) {
      return false;
    }
    synchronized (INTERRUPTING_NOW) {
      if (!STATE.compareAndSet(this, RUNNING, INTERRUPTING)) {
        return false;
      }
      if (!isPast(nowNanos)) { // it asked for more time between our two looks
        STATE.setVolatile(this, RUNNING);
        return false;
      }
      warnedNanos = nowNanos;
      try {
        interrupt.run();
      } finally {
        STATE.setVolatile(this, INTERRUPTED);
      }
      return true;
    }
  }

  /** At the deadline of one that is no thread: true when its stage is to be cancelled now. */
  public final boolean cancelIfDue(long nowNanos) {
    if (state() != DETACHED || !isDue(nowNanos)) {
      return false;
    }
    warnedNanos = nowNanos; // read by nobody before this move
    return STATE.compareAndSet(this, DETACHED, CANCELLED);
  }

  /** After the grace: true when from now on nobody waits for it. */
  public final boolean abandonIfDue(long nowNanos) {
    int now = state();
    if ((now != INTERRUPTED && now != CANCELLED)
        || !isDue(nowNanos)
        || !STATE.compareAndSet(this, now, ABANDONED)) {
      return false;
    }
    attempts().forEach(Attempt::hung);
    return true;
  }

  /** Nobody waits for it since it did not end. */
  public final boolean isAbandoned() {
    return state() == ABANDONED;
  }

  private int state() {
    return (int) STATE.getVolatile(this);
  }
}
