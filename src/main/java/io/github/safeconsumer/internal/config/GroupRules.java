package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_INSTANCE_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_PROTOCOL_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;

import io.github.safeconsumer.internal.core.TopicNames;
import java.util.List;
import java.util.Optional;

/** What the group protocol demands and forbids. */
final class GroupRules {
  private static final List<String> CLASSIC_ONLY =
      List.of(
          SESSION_TIMEOUT_MS_CONFIG,
          HEARTBEAT_INTERVAL_MS_CONFIG,
          PARTITION_ASSIGNMENT_STRATEGY_CONFIG);

  private final KafkaProperties kafka;
  private final Findings findings;

  GroupRules(KafkaProperties kafka, Findings findings) {
    this.kafka = kafka;
    this.findings = findings;
  }

  /** True for the KIP-848 protocol. */
  boolean consumerProtocol() {
    return kafka.text(GROUP_PROTOCOL_CONFIG).equalsIgnoreCase("consumer");
  }

  void check(Optional<ClientVersion> client) {
    checkInstance();
    if (consumerProtocol()) {
      checkConsumerProtocol(client);
    } else if (!kafka.text(GROUP_REMOTE_ASSIGNOR_CONFIG).isEmpty()) {
      findings.unsafe(
          GROUP_REMOTE_ASSIGNOR_CONFIG,
          kafka.shown(GROUP_REMOTE_ASSIGNOR_CONFIG),
          "exists only with group.protocol=consumer; the client refuses it otherwise",
          "set group.protocol=consumer, or remove it");
    }
  }

  private void checkInstance() {
    String instance = kafka.text(GROUP_INSTANCE_ID_CONFIG);
    if (kafka.usable(GROUP_INSTANCE_ID_CONFIG) && !TopicNames.legal(instance)) {
      findings.unsafe(
          GROUP_INSTANCE_ID_CONFIG,
          '"' + Shown.text(instance) + '"',
          TopicNames.RULE,
          "correct it, or remove it for dynamic membership");
    }
  }

  private void checkConsumerProtocol(Optional<ClientVersion> client) {
    for (String key : CLASSIC_ONLY) {
      if (kafka.has(key)) {
        findings.unsafe(
            key,
            kafka.shown(key),
            "does not exist with group.protocol=consumer: there it is a setting of the brokers; the client refuses it",
            "remove it, or use group.protocol=classic");
      }
    }
    if (client.isEmpty()) {
      findings.warning(
          GROUP_PROTOCOL_CONFIG,
          "consumer",
          "needs kafka-clients 4.3.0 or newer, and the version on the class path cannot be told",
          "make sure that it is 4.3.0 or newer");
    } else if (!client.get().isAtLeast(4, 3, 0)) {
      findings.unsafe(
          GROUP_PROTOCOL_CONFIG,
          "consumer",
          "needs kafka-clients 4.3.0 or newer: "
              + client.get().text()
              + " looks for positions of its own before this library has set them, and before 4.2.2 it can"
              + " return records of partitions it no longer owns (KAFKA-20332)",
          "use newer kafka-clients, or group.protocol=classic");
    }
  }
}
