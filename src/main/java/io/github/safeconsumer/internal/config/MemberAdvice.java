package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_INSTANCE_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_PROTOCOL_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What works, and costs something that is worth knowing. */
final class MemberAdvice {
  /** One of these in the list is enough: all members have to be able to do what is done. */
  private static final Set<String> EAGER =
      Set.of(
          "org.apache.kafka.clients.consumer.RangeAssignor",
          "org.apache.kafka.clients.consumer.RoundRobinAssignor",
          "org.apache.kafka.clients.consumer.StickyAssignor");

  private static final String COOPERATIVE =
      "org.apache.kafka.clients.consumer.CooperativeStickyAssignor";

  private final KafkaProperties kafka;
  private final Findings findings;

  MemberAdvice(KafkaProperties kafka, Findings findings) {
    this.kafka = kafka;
    this.findings = findings;
  }

  void give(boolean consumerProtocol) {
    if (consumerProtocol) {
      findings.advice(
          GROUP_PROTOCOL_CONFIG,
          "consumer",
          "session time-out and heartbeat are the brokers' (45 s and 5 s unless told otherwise): this check cannot see them",
          "ask for group.consumer.session.timeout.ms and group.consumer.heartbeat.interval.ms of the brokers");
    } else {
      adviseOnSession();
      adviseOnAssignors();
    }
    adviseOnStaticMembership(consumerProtocol);
    adviseOnAutoCommit();
  }

  private void adviseOnSession() {
    Duration session = kafka.millis(SESSION_TIMEOUT_MS_CONFIG);
    Duration interval = kafka.millis(MAX_POLL_INTERVAL_MS_CONFIG);
    if (session.compareTo(interval) > 0) {
      findings.advice(
          SESSION_TIMEOUT_MS_CONFIG,
          shown(SESSION_TIMEOUT_MS_CONFIG),
          "over max.poll.interval.ms = "
              + Human.text(interval)
              + ": a member that is slow loses its partitions sooner than one that is dead, whose partitions stand still for "
              + Human.text(session),
          "use a session.timeout.ms below max.poll.interval.ms");
    }
  }

  private void adviseOnAssignors() {
    List<String> assignors = kafka.texts(PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
    List<String> eager = assignors.stream().filter(EAGER::contains).toList();
    if (!eager.isEmpty()) {
      findings.advice(
          PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          shortNames(assignors)
              + (kafka.has(PARTITION_ASSIGNMENT_STRATEGY_CONFIG) ? "" : " (default)"),
          "with "
              + shortNames(eager)
              + " each rebalance takes all partitions from all members, until the slowest has ended its poll",
          assignors.contains(COOPERATIVE)
              ? "leave CooperativeStickyAssignor alone in the list, by a rolling restart"
              : "use CooperativeStickyAssignor alone, by two rolling restarts: first beside the present one");
    }
  }

  private static String shortNames(List<String> types) {
    return types.stream()
        .map(type -> type.substring(type.lastIndexOf('.') + 1))
        .map(Shown::text)
        .collect(Collectors.joining(", "));
  }

  private void adviseOnStaticMembership(boolean consumerProtocol) {
    if (kafka.usable(GROUP_INSTANCE_ID_CONFIG)) {
      findings.advice(
          GROUP_INSTANCE_ID_CONFIG,
          kafka.shown(GROUP_INSTANCE_ID_CONFIG),
          "a static member that ends, or is too slow, keeps its partitions for its session time-out"
              + (consumerProtocol
                  ? ", which is the brokers'"
                  : " of " + Human.text(kafka.millis(SESSION_TIMEOUT_MS_CONFIG)))
              + ": nobody reads them meanwhile",
          "use a session time-out as long as a restart takes, and not much longer");
    }
  }

  private void adviseOnAutoCommit() {
    if (kafka.flag(ENABLE_AUTO_COMMIT_CONFIG)) {
      findings.advice(
          ENABLE_AUTO_COMMIT_CONFIG,
          kafka.has(ENABLE_AUTO_COMMIT_CONFIG) ? "true" : "true (default)",
          "poll() commits all that earlier polls returned: records handed to other threads, or skipped by a caught exception, are lost; what was done in up to "
              + Human.text(kafka.millis(AUTO_COMMIT_INTERVAL_MS_CONFIG))
              + " and one poll before a crash is repeated",
          "set it to false and commit what is done");
    }
  }

  private String shown(String key) {
    return kafka.usable(key) ? kafka.shown(key) : kafka.effective(key) + " (default)";
  }
}
