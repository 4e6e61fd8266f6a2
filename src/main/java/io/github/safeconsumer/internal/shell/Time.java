package io.github.safeconsumer.internal.shell;

/**
 * The clocks. Intervals use the monotonic one; the wall clock is for people and for detecting a
 * suspended machine.
 */
public interface Time {
  /** Monotonic, in nanoseconds from an arbitrary origin. */
  long nanos();

  /** Milliseconds since 1970. */
  long millis();
}
