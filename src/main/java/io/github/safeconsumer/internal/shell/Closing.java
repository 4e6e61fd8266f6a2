package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long the end of the loop may take. The earliest of all asked-for ends counts; without one
 * (the consumer fails by itself) the default bound counts from the first look. A suspend asks for
 * the end of the present run only. Thread-safe.
 */
final class Closing {
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(7);

  private static final long LEAST_COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** For the last commit and for leaving, after the drain. */
  private static final long SUSPEND_REST_NANOS = TimeUnit.SECONDS.toNanos(12);

  private record Window(long deadline, long drainUntil) {}

  private final Time time;
  private final long drainNanos;
  private @Nullable Window closing;
  private @Nullable Window suspending;

  Closing(Time time, Duration drainTimeout) {
    this.time = time;
    this.drainNanos = drainTimeout.toNanos();
  }

  /** An end within the bound is asked for. */
  synchronized void within(Duration bound) {
    closing = earlier(closing, window(bound.toNanos()));
  }

  /** The end of the present run is asked for: time to drain, and a bounded rest. */
  synchronized void suspendNow() {
    suspending = window(drainNanos + SUSPEND_REST_NANOS);
  }

  /** The run is over, and so is what was asked of it. */
  synchronized void runEnded() {
    suspending = null;
  }

  /** Whether the consumer's end was asked for. */
  synchronized boolean isAskedFor() {
    return closing != null;
  }

  private Window window(long left) {
    long now = time.nanos();
    return new Window(
        now + left, now + Math.min(drainNanos, left - Math.min(LEAVE_NANOS, left / 2)));
  }

  private static Window earlier(@Nullable Window one, Window other) {
    return one == null || other.deadline() - one.deadline() < 0 ? other : one;
  }

  private Window inForce() {
    Window run = suspending;
    if (run != null) {
      return closing == null ? run : earlier(closing, run);
    }
    if (closing == null) {
      within(SafeConsumer.CLOSE_BOUND);
    }
    return Objects.requireNonNull(closing);
  }

  /** When everything has to be over. */
  synchronized long deadline() {
    return inForce().deadline();
  }

  /**
   * Until when running attempts are awaited: time to commit and to leave the group is kept back. A
   * fixed moment, however often it is asked for.
   */
  synchronized long drainUntil() {
    return inForce().drainUntil();
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
