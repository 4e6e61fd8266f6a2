package io.github.safeconsumer.internal.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What guards against handlers that never return and records that kill the process. */
final class GuardRules {
  /** Twice Kafka's default poll interval, after which Kafka would give the record to another. */
  static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);
  private static final int DEFAULT_CRASH_LIMIT = 3;
  private static final int MOST_CRASHES = 100;

  private final Findings findings;

  GuardRules(Findings findings) {
    this.findings = findings;
  }

  /**
   * Until when an attempt has to end; null for never.
   *
   * @param latency as declared and found possible, or null
   */
  @Nullable Duration handlerTimeout(RawSettings<?, ?> raw, @Nullable Duration latency) {
    Duration timeout = raw.handlerTimeout;
    if (raw.noHandlerTimeout) {
      if (timeout != null) {
        findings.unsafe(
            "handlerTimeout",
            Human.text(timeout) + ", and noHandlerTimeout() too",
            "an attempt either has a time-out or none",
            "call only one of handlerTimeout(..) and noHandlerTimeout()");
      }
      return null;
    }
    if (timeout == null) {
      return latency == null || latency.compareTo(DEFAULT_TIMEOUT.dividedBy(2)) < 0
          ? DEFAULT_TIMEOUT
          : atMostADay(latency.multipliedBy(2));
    }
    if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      findings.unsafe(
          "handlerTimeout",
          Human.text(timeout),
          "must be from 10 ms to 24 h",
          "give a time that no attempt needs that still works, or call noHandlerTimeout()");
    } else if (latency != null && latency.compareTo(timeout) >= 0) {
      findings.unsafe(
          "handlerTimeout",
          Human.text(timeout),
          "is not over expectedLatency="
              + Human.text(latency)
              + ": ordinary attempts would be given up",
          "use several times expectedLatency, or call noHandlerTimeout()");
    }
    return timeout;
  }

  private static Duration atMostADay(Duration time) {
    return time.compareTo(LONGEST_TIMEOUT) < 0 ? time : LONGEST_TIMEOUT;
  }

  /** After how many deaths a record is convicted; 0 for never. */
  int crashLimit(@Nullable Integer declared) {
    if (declared == null) {
      return DEFAULT_CRASH_LIMIT;
    }
    if (declared != 0 && (declared < 2 || declared > MOST_CRASHES)) {
      findings.unsafe(
          "crashLimit",
          declared.toString(),
          "must be from 2 to " + MOST_CRASHES + ", or 0 for no crash guard",
          "use 3, the default: a single death can have any reason");
    }
    return declared;
  }
}
