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

  private static final long LEAST_COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Time time;
  private final long drainNanos;
  private long deadline;
  private long drainUntil;
  private boolean set;

  Closing(Time time, Duration drainTimeout) {
    this.time = time;
    this.drainNanos = drainTimeout.toNanos();
  }

  /** An end within the bound is asked for. */
  synchronized void within(Duration bound) {
    long now = time.nanos();
    long left = bound.toNanos();
    long asked = now + left;
    if (set && asked - deadline >= 0) {
      return;
    }
    deadline = asked;
    drainUntil = now + Math.min(drainNanos, left - Math.min(LEAVE_NANOS, left / 2));
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
   * Until when running attempts are awaited: time to commit and to leave the group is kept back. A
   * fixed moment, however often it is asked for.
   */
  synchronized long drainUntil() {
    deadline();
    return drainUntil;
  }

  /** What is left, not below zero. */
  long nanosLeft() {
    return Math.max(0, deadline() - time.nanos());
  }

  /** How long the last commit may take: time to leave the group is kept back, but it is tried. */
  Duration commitBound() {
    return Duration.ofNanos(Math.max(LEAST_COMMIT_NANOS, nanosLeft() / 2));
  }

  /** How long the client may take to leave the group and close. */
  Duration leaveBound() {
    return Duration.ofNanos(Math.min(LEAVE_NANOS, nanosLeft()) / 4 * 3);
  }
}
