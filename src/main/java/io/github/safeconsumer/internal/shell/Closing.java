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

  /** How long each of the two last steps may take: the final commit, and leaving the group. */
  Duration leaveBound() {
    return Duration.ofNanos(Math.min(LEAVE_NANOS, nanosLeft()) / 2);
  }
}
