package io.github.safeconsumer;

import java.time.Duration;
import java.util.Objects;

/**
 * When records wait because a downstream is away, instead of being tried for nothing and given up
 * one after the other. Immutable: every method returns a changed copy.
 *
 * <p>The breaker of the consumer is fed by every attempt; one for each downstream that a handler
 * names with {@link RecordContext#call} by what that call throws. It opens after so many outages in
 * a row ({@link FailureAction#OUTAGE}), or as many different records that failed for no known
 * reason ({@link FailureAction#RETRY}), with no success between them. While it is open nothing of
 * its scope is tried but one probe at a time; nothing is charged to a record, and nothing becomes a
 * dead letter because a downstream was away.
 */
public final class CircuitBreakerPolicy {
  /** Longest of all durations here. */
  public static final Duration LONGEST = Duration.ofHours(24);

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final int MOST_FAILURES = 10_000;
  private static final CircuitBreakerPolicy DEFAULTS =
      new CircuitBreakerPolicy(
          3, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofHours(1));

  private final int failures;
  private final Duration firstOpen;
  private final Duration longestOpen;
  private final Duration longestHold;

  private CircuitBreakerPolicy(
      int failures, Duration firstOpen, Duration longestOpen, Duration longestHold) {
    this.failures = failures;
    this.firstOpen = firstOpen;
    this.longestOpen = longestOpen;
    this.longestHold = longestHold;
  }

  /** Three in a row, open for 1 s doubling to 60 s, a lone record held for an hour at most. */
  public static CircuitBreakerPolicy defaults() {
    return DEFAULTS;
  }

  /**
   * Opens after so many failures in a row.
   *
   * @param failures from 1 to 10,000
   */
  public static CircuitBreakerPolicy consecutiveFailures(int failures) {
    if (failures < 1 || failures > MOST_FAILURES) {
      throw new IllegalArgumentException(
          "consecutiveFailures="
              + failures
              + " must be from 1 to "
              + MOST_FAILURES
              + "; use off() for no breaker");
    }
    return new CircuitBreakerPolicy(
        failures, DEFAULTS.firstOpen, DEFAULTS.longestOpen, DEFAULTS.longestHold);
  }

  /** Never opens by itself: records are tried again by the retry policy alone. */
  public static CircuitBreakerPolicy off() {
    return new CircuitBreakerPolicy(
        0, DEFAULTS.firstOpen, DEFAULTS.longestOpen, DEFAULTS.longestHold);
  }

  /** Always so long between two probes. */
  public CircuitBreakerPolicy openFor(Duration time) {
    return openFor(time, time);
  }

  /**
   * So long before the first probe, twice as long after each one that failed, up to the cap.
   *
   * @param first from 1 ms to 24 h
   * @param cap from {@code first} to 24 h
   */
  public CircuitBreakerPolicy openFor(Duration first, Duration cap) {
    within("openFor", first);
    within("openFor cap", cap);
    if (cap.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "openFor cap=" + cap + " must not be shorter than the first one, " + first);
    }
    return new CircuitBreakerPolicy(failures, first, cap, longestHold);
  }

  /**
   * Where one record alone is there to be tried, nothing but itself speaks for an outage: after
   * this time its probes are charged against the bounds of the {@link RetryPolicy}, so it ends.
   *
   * @param time from 1 ms to 24 h
   */
  public CircuitBreakerPolicy holdAtMost(Duration time) {
    return new CircuitBreakerPolicy(failures, firstOpen, longestOpen, within("holdAtMost", time));
  }

  private static Duration within(String name, Duration value) {
    Objects.requireNonNull(value, name);
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + "=" + value + " must be from " + SHORTEST + " to " + LONGEST);
    }
    return value;
  }

  public boolean isOff() {
    return failures == 0;
  }

  /** How many failures in a row open it; 0 where it is off. */
  public int failures() {
    return failures;
  }

  public Duration firstOpen() {
    return firstOpen;
  }

  public Duration longestOpen() {
    return longestOpen;
  }

  public Duration longestHold() {
    return longestHold;
  }

  @Override
  public String toString() {
    return isOff()
        ? "CircuitBreakerPolicy[off]"
        : "CircuitBreakerPolicy["
            + failures
            + " in a row, open "
            + firstOpen
            + " to "
            + longestOpen
            + ", hold "
            + longestHold
            + "]";
  }
}
