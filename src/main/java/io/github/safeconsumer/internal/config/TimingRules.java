package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Relations between times. Each is judged once, with the sum as a person would write it. */
final class TimingRules {
  private static final Duration LEAST_POLL_INTERVAL = Duration.ofSeconds(3);
  private static final Duration LEAST_SESSION = Duration.ofSeconds(6);
  private static final Duration LONGEST_SESSION = Duration.ofMinutes(30);

  private final KafkaProperties kafka;
  private final Findings findings;

  TimingRules(KafkaProperties kafka, Findings findings) {
    this.kafka = kafka;
    this.findings = findings;
  }

  /**
   * Judges the times of a SafeConsumer.
   *
   * @param heartbeat of the classic protocol, given or chosen
   */
  void check(boolean consumerProtocol, Duration heartbeat) {
    Duration interval = kafka.millis(MAX_POLL_INTERVAL_MS_CONFIG);
    if (interval.compareTo(LEAST_POLL_INTERVAL) < 0) {
      findings.unsafe(
          MAX_POLL_INTERVAL_MS_CONFIG,
          kafka.shown(MAX_POLL_INTERVAL_MS_CONFIG),
          "must be at least "
              + LEAST_POLL_INTERVAL.toMillis()
              + ": a rebalance is heard of, drained for and committed inside it",
          "raise it, or leave it out for Kafka's default, 300000; slow handlers need no long interval here");
    }
    checkClient(consumerProtocol, heartbeat);
  }

  /** Judges what holds for any loop around the client. */
  void checkClient(boolean consumerProtocol, Duration heartbeat) {
    if (!consumerProtocol) {
      checkSession(heartbeat);
    }
    checkRequests();
  }

  private void checkSession(Duration heartbeat) {
    if (!positive(SESSION_TIMEOUT_MS_CONFIG, HEARTBEAT_INTERVAL_MS_CONFIG)) {
      return;
    }
    Duration session = kafka.millis(SESSION_TIMEOUT_MS_CONFIG);
    String both =
        (kafka.has(HEARTBEAT_INTERVAL_MS_CONFIG)
                ? kafka.shownWithDefault(HEARTBEAT_INTERVAL_MS_CONFIG)
                : HEARTBEAT_INTERVAL_MS_CONFIG + "=" + heartbeat.toMillis() + " (default)")
            + ", "
            + kafka.shownWithDefault(SESSION_TIMEOUT_MS_CONFIG);
    if (heartbeat.compareTo(session) >= 0) {
      // The client refuses it too, but only when it is created.
      findings.unsafe(
          HEARTBEAT_INTERVAL_MS_CONFIG,
          kafka.shown(HEARTBEAT_INTERVAL_MS_CONFIG),
          "must be below session.timeout.ms, or the member is expelled between two heartbeats ("
              + both
              + ")",
          "use heartbeat.interval.ms <= "
              + session.toMillis() / 3
              + ", a third of the session time-out");
    } else if (heartbeat.multipliedBy(3).compareTo(session) > 0) {
      findings.warning(
          HEARTBEAT_INTERVAL_MS_CONFIG,
          kafka.shown(HEARTBEAT_INTERVAL_MS_CONFIG),
          "over a third of session.timeout.ms, so one or two lost heartbeats expel the member ("
              + both
              + ")",
          "use heartbeat.interval.ms <= "
              + session.toMillis() / 3
              + ", or a longer session.timeout.ms");
    }
    checkBrokersBounds(session);
  }

  /** A client cannot see them; these are what brokers have unless told otherwise. */
  private void checkBrokersBounds(Duration session) {
    if (session.compareTo(LEAST_SESSION) < 0) {
      findings.warning(
          SESSION_TIMEOUT_MS_CONFIG,
          kafka.shown(SESSION_TIMEOUT_MS_CONFIG),
          "below "
              + Human.text(LEAST_SESSION)
              + ", the brokers' default of group.min.session.timeout.ms: they refuse the member unless theirs is lower",
          "use session.timeout.ms >= "
              + LEAST_SESSION.toMillis()
              + ", or lower the brokers' bound");
    } else if (session.compareTo(LONGEST_SESSION) > 0) {
      findings.warning(
          SESSION_TIMEOUT_MS_CONFIG,
          kafka.shown(SESSION_TIMEOUT_MS_CONFIG),
          "over "
              + Human.text(LONGEST_SESSION)
              + ", the brokers' default of group.max.session.timeout.ms: they refuse the member unless theirs is higher",
          "use session.timeout.ms <= "
              + LONGEST_SESSION.toMillis()
              + ", or raise the brokers' bound");
    }
  }

  private void checkRequests() {
    if (!positive(REQUEST_TIMEOUT_MS_CONFIG, DEFAULT_API_TIMEOUT_MS_CONFIG)) {
      return;
    }
    Duration request = kafka.millis(REQUEST_TIMEOUT_MS_CONFIG);
    if (kafka.millis(DEFAULT_API_TIMEOUT_MS_CONFIG).compareTo(request) < 0) {
      findings.warning(
          DEFAULT_API_TIMEOUT_MS_CONFIG,
          kafka.shown(DEFAULT_API_TIMEOUT_MS_CONFIG),
          "below request.timeout.ms, so a call gives up before its first request does ("
              + kafka.shownWithDefault(REQUEST_TIMEOUT_MS_CONFIG)
              + ")",
          "lower request.timeout.ms or raise default.api.timeout.ms");
    }
    if (kafka.millis(FETCH_MAX_WAIT_MS_CONFIG).compareTo(request) >= 0) {
      findings.warning(
          FETCH_MAX_WAIT_MS_CONFIG,
          kafka.shown(FETCH_MAX_WAIT_MS_CONFIG),
          "not below request.timeout.ms, so the fetch of an idle partition times out and drops the connection each time ("
              + kafka.shownWithDefault(REQUEST_TIMEOUT_MS_CONFIG)
              + ")",
          "lower fetch.max.wait.ms or raise request.timeout.ms");
    }
  }

  /** Kafka itself lets some of these be zero or negative. */
  private boolean positive(String... keys) {
    List<String> bad = Stream.of(keys).filter(key -> kafka.number(key) <= 0).toList();
    bad.forEach(
        key ->
            findings.unsafe(
                key,
                kafka.shown(key),
                "must be over 0 ms",
                "raise it, or leave it out for Kafka's default"));
    return bad.isEmpty();
  }
}
