package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How long a rebalance may wait for running attempts: what {@link HandOver} leaves. */
final class DrainRule {
  private static final Duration DEFAULT = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final HandOver handOver;
  private final HandOver withLongestHeartbeat;
  private final Findings findings;

  /**
   * A rule for one group protocol.
   *
   * @param longestHeartbeat what the heartbeat can become when the poll interval is raised
   */
  DrainRule(Duration interval, Duration heartbeat, Duration longestHeartbeat, Findings findings) {
    this.handOver = new HandOver(interval, heartbeat);
    this.withLongestHeartbeat = new HandOver(interval, longestHeartbeat);
    this.findings = findings;
  }

  /**
   * The time-out given, or the default: the smallest of 30 s, half of the poll interval, and what a
   * rebalance leaves of it.
   */
  Duration check(@Nullable Duration given) {
    Duration left = handOver.left();
    if (given == null) {
      Duration chosen = smaller(DEFAULT, smaller(handOver.interval().dividedBy(2), left));
      checkDefault(chosen);
      return chosen.isNegative() ? Duration.ZERO : chosen;
    }
    if (given.isNegative()) {
      findings.unsafe(
          "drainTimeout",
          given.toString(),
          "must not be negative",
          "use Duration.ZERO to wait for no running attempt");
      return Duration.ZERO;
    }
    if (given.compareTo(left) > 0) {
      findings.unsafeTimes(
          "drainTimeout",
          Human.text(given),
          handOver.sum(given)
              + ", over "
              + handOver.bound()
              + ": the group would expel this member before it has committed",
          "use "
              + either(
                  left.isNegative() ? shorterHeartbeat() : "drainTimeout <= " + Human.text(left),
                  intervalFor(given)));
    }
    return given;
  }

  private void checkDefault(Duration chosen) {
    if (chosen.isNegative()) {
      findings.unsafeTimes(
          HEARTBEAT_INTERVAL_MS_CONFIG,
          String.valueOf(handOver.heartbeat().toMillis()),
          handOver.sum(Duration.ZERO)
              + ", over "
              + handOver.bound()
              + ": the group would expel this member before it has committed",
          "use " + either(shorterHeartbeat(), intervalFor(SHORT)));
    } else if (chosen.compareTo(SHORT) < 0) {
      findings.warning(
          HEARTBEAT_INTERVAL_MS_CONFIG,
          String.valueOf(handOver.heartbeat().toMillis()),
          handOver.sum(Duration.ZERO)
              + " of "
              + handOver.bound()
              + " leave a rebalance "
              + Human.text(chosen)
              + " for running attempts: what takes longer runs again on the next owner",
          "use " + either(shorterHeartbeat(), intervalFor(SHORT)));
    }
  }

  /** Leaves the heartbeat, the member's way to hear of a rebalance, a tenth of the interval. */
  private String shorterHeartbeat() {
    return "heartbeat.interval.ms <= " + handOver.interval().toMillis() / 10;
  }

  /** What has to be true of the interval for this drain; empty where no interval is long enough. */
  String intervalFor(Duration drain) {
    return withLongestHeartbeat.intervalFor(drain);
  }

  /** How to be given so long a drain: at once where the interval leaves it. */
  String drainOf(Duration wanted) {
    String drain = "drainTimeout >= " + Human.text(wanted);
    if (wanted.compareTo(handOver.left()) <= 0) {
      return drain;
    }
    String interval = intervalFor(wanted);
    return interval.isEmpty() ? "" : drain + " with " + interval;
  }

  static String either(String... ways) {
    return Stream.of(ways).filter(way -> !way.isEmpty()).collect(Collectors.joining(", or "));
  }

  private static Duration smaller(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
