package io.github.safeconsumer.internal.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a rebalance may wait for running attempts: what max.poll.interval.ms leaves. */
final class DrainRule {
  /** What a rebalance needs beside the drain: one second for the last commit, one of margin. */
  private static final Duration AFTER_DRAIN = Duration.ofSeconds(2);

  private static final Duration DEFAULT = Duration.ofSeconds(30);
  private static final Duration SUMMED_UP_TO = Duration.ofDays(365);

  private DrainRule() {}

  /**
   * The time-out given, or the default: the smallest of 30 s, half of the poll interval, and what a
   * rebalance leaves of it.
   */
  static Duration check(@Nullable Duration given, Duration interval, Findings findings) {
    Duration longest = interval.minus(AFTER_DRAIN);
    if (given == null) {
      return smaller(DEFAULT, smaller(interval.dividedBy(2), longest));
    }
    if (given.isNegative()) {
      findings.unsafe(
          "drainTimeout",
          given.toString(),
          "must not be negative",
          "use Duration.ZERO to wait for no running attempt");
    } else if (given.compareTo(longest) > 0 && !longest.isNegative()) {
      findings.unsafe(
          "drainTimeout",
          Human.text(given),
          sum(given)
              + ", over max.poll.interval.ms = "
              + Human.text(interval)
              + ": the group would expel this member before it has committed",
          "use drainTimeout <= " + Human.text(longest) + ", or a longer max.poll.interval.ms");
    }
    return given;
  }

  private static String sum(Duration drain) {
    String terms = Human.text(drain) + " + 1 s for the last commit + 1 s of margin";
    return drain.compareTo(SUMMED_UP_TO) > 0
        ? terms
        : terms + " = " + Human.text(drain.plus(AFTER_DRAIN));
  }

  private static Duration smaller(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
