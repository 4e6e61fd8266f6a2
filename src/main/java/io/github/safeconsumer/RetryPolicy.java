package io.github.safeconsumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How often and how long a failing record is tried again, and which failures are tried again at
 * all. Immutable: every method returns a changed copy.
 *
 * <p>Attempt {@code n + 1} starts {@code min(cap, first x 2^(n-1))} after attempt {@code n} failed,
 * spread by the jitter. The record is exhausted at whichever bound is reached first: {@code
 * maxAttempts}, or {@code maxElapsed}. The time that counts as elapsed is the time of attempts and
 * back-offs since the first failure; time while paused does not count.
 *
 * <p>The default: 8 attempts, 1 s doubling up to 120 s, +-20 % jitter, at most 10 min: a bad record
 * waits at most about 127 s.
 *
 * <p>Which action a failure gets, first match wins: {@link RecordHandler#classify}; the rules given
 * to {@code on(..)}, the last given first; a set of defaults (see {@link FailureAction} and
 * docs/GUARANTEES.md).
 */
public final class RetryPolicy {
  /** Longest first delay, cap and elapsed time that are accepted: 30 days. */
  public static final Duration LONGEST = Duration.ofDays(30);

  private final Duration first;
  private final Duration cap;
  private final int maxAttempts;
  private final Duration maxElapsed;
  private final double jitter;
  private final List<Rule> rules;

  private RetryPolicy(
      Duration first,
      Duration cap,
      int maxAttempts,
      Duration maxElapsed,
      double jitter,
      List<Rule> rules) {
    this.first = first;
    this.cap = cap;
    this.maxAttempts = maxAttempts;
    this.maxElapsed = maxElapsed;
    this.jitter = jitter;
    this.rules = List.copyOf(rules);
  }

  /** The default policy. */
  public static RetryPolicy defaults() {
    return exponential(Duration.ofSeconds(1), Duration.ofSeconds(120));
  }

  /**
   * Doubling delays.
   *
   * @param first delay after the first failure, over 0
   * @param cap longest delay, at least {@code first}
   */
  public static RetryPolicy exponential(Duration first, Duration cap) {
    requireDelay("first", first);
    requireDelay("cap", cap);
    if (cap.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "cap="
              + cap
              + " must not be below first="
              + first
              + ": raise the cap or lower the first delay");
    }
    return new RetryPolicy(first, cap, 8, Duration.ofMinutes(10), 0.2, List.of());
  }

  /** The same delay after each failure. */
  public static RetryPolicy fixed(Duration delay) {
    return exponential(delay, delay);
  }

  /** One attempt, no retry. */
  public static RetryPolicy none() {
    return defaults().maxAttempts(1);
  }

  /**
   * Bounds the attempts.
   *
   * @param attempts attempts in all, the first included; from 1 to 1,000,000
   */
  public RetryPolicy maxAttempts(int attempts) {
    if (attempts < 1 || attempts > 1_000_000) {
      throw new IllegalArgumentException(
          "maxAttempts="
              + attempts
              + " must be from 1 (no retry) to 1000000: a retry without a bound never ends");
    }
    return new RetryPolicy(first, cap, attempts, maxElapsed, jitter, rules);
  }

  /**
   * Bounds the time from the first failure.
   *
   * @param elapsed over 0, at most {@link #LONGEST}
   */
  public RetryPolicy maxElapsed(Duration elapsed) {
    requireDelay("maxElapsed", elapsed);
    return new RetryPolicy(first, cap, maxAttempts, elapsed, jitter, rules);
  }

  /**
   * Spreads each delay evenly over {@code delay x (1 - jitter)} to {@code delay x (1 + jitter)}.
   *
   * @param share from 0 (none) to 1
   */
  public RetryPolicy jitter(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("jitter=" + share + " must be from 0.0 (none) to 1.0");
    }
    return new RetryPolicy(first, cap, maxAttempts, maxElapsed, share, rules);
  }

  /**
   * A failure with one of these types anywhere in its cause chain gets this action. Subtypes count.
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // copied, never written to
  public final RetryPolicy on(FailureAction action, Class<? extends Throwable>... types) {
    Objects.requireNonNull(action, "action");
    List<Class<? extends Throwable>> wanted = List.copyOf(Arrays.asList(types));
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "on(" + action + ") names no exception type: give at least one");
    }
    return with(new Rule(action, wanted, null));
  }

  /** A failure for which this holds gets this action. A predicate that throws does not match. */
  public RetryPolicy on(FailureAction action, Predicate<? super Throwable> when) {
    return with(
        new Rule(
            Objects.requireNonNull(action, "action"),
            List.of(),
            Objects.requireNonNull(when, "when")));
  }

  private RetryPolicy with(Rule rule) {
    List<Rule> all = new ArrayList<>(rules);
    all.add(rule);
    return new RetryPolicy(first, cap, maxAttempts, maxElapsed, jitter, all);
  }

  private static void requireDelay(String name, Duration value) {
    Objects.requireNonNull(value, name);
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + "=" + value + " must be over 0 and at most " + LONGEST.toDays() + " days");
    }
  }

  public Duration first() {
    return first;
  }

  public Duration cap() {
    return cap;
  }

  public int maxAttempts() {
    return maxAttempts;
  }

  public Duration maxElapsed() {
    return maxElapsed;
  }

  public double jitter() {
    return jitter;
  }

  /** The rules in the order they were given; the last that matches wins. */
  public List<Rule> rules() {
    return rules;
  }

  /**
   * One rule: by types, or by predicate.
   *
   * @param action what a match gets
   * @param types matched against the whole cause chain; empty where a predicate is given
   * @param when the predicate, or null where types are given
   */
  public record Rule(
      FailureAction action,
      List<Class<? extends Throwable>> types,
      @Nullable Predicate<? super Throwable> when) {
    public Rule {
      types = List.copyOf(types);
    }
  }

  @Override
  public String toString() {
    return "RetryPolicy[maxAttempts="
        + maxAttempts
        + ", first="
        + first
        + ", cap="
        + cap
        + ", maxElapsed="
        + maxElapsed
        + ", jitter="
        + jitter
        + ", rules="
        + rules.size()
        + "]";
  }
}
