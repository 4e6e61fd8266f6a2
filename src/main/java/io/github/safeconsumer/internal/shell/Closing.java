package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long the end may take. The earliest of all asked-for ends counts; without one (the consumer
 * fails by itself) the default bound counts from the first look. Thread-safe.
 */
final class Closing {
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(7);

  private final Time time;
  private final long drainNanos;
  private long deadline;
  private boolean set;

  Closing(Time time, Duration drainTimeout) {
    this.time = time;
    this.drainNanos = drainTimeout.toNanos();
  }

  /** An end within the bound is asked for. */
  synchronized void within(Duration bound) {
    long asked = time.nanos() + bound.toNanos();
    deadline = set ? Math.min(deadline, asked) : asked;
    set = true;
  }

  /** When everything has to be over. */
  synchronized long deadline() {
    if (!set) {
      within(SafeConsumer.CLOSE_BOUND);
    }
    return deadline;
  }

  /**
   * Until when running attempts are awaited: time to commit and to leave the group is kept back.
   */
  long drainUntil(long now) {
    long left = deadline() - now;
    return now + Math.max(0, Math.min(drainNanos, left - Math.min(LEAVE_NANOS, left / 2)));
  }

  /** What is left, not below zero. */
  long nanosLeft() {
    return Math.max(0, deadline() - time.nanos());
  }

  /**
   * How long a synchronous commit may take: its usual bound, and where an end is asked for no more
   * than half of what is left, since the group is to be left as well.
   */
  synchronized Duration commitBound(Duration usual) {
    return set ? smaller(usual, nanosLeft() / 2) : usual;
  }

  /**
   * How long the client may take to leave the group and close: its usual bound, and where an end is
   * asked for something less than what is left, since the threads are to be ended as well.
   */
  synchronized Duration leaveBound(Duration usual) {
    return set ? smaller(usual, nanosLeft() / 4 * 3) : usual;
  }

  private static Duration smaller(Duration usual, long nanos) {
    return Duration.ofNanos(Math.min(usual.toNanos(), nanos));
  }
}
