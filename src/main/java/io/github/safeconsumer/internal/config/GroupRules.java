package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_INSTANCE_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_PROTOCOL_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must be there, what is the library's own, and what the group protocol forbids. */
final class GroupRules {
  private static final List<String> CLASSIC_ONLY =
      List.of(
          SESSION_TIMEOUT_MS_CONFIG,
          HEARTBEAT_INTERVAL_MS_CONFIG,
          PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[a-zA-Z0-9_]+://)?(?:\\[[0-9a-fA-F:.%]+]|[^\\s:/\\[\\]]+):(\\d{1,5})");
  private static final int HIGHEST_PORT = 65_535;

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
    checkRequired();
    checkOurs();
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

  private void checkRequired() {
    if (!kafka.has(BOOTSTRAP_SERVERS_CONFIG)) {
      findings.unsafe(
          BOOTSTRAP_SERVERS_CONFIG,
          Findings.UNSET,
          "the brokers must be named",
          "call kafka(\"bootstrap.servers\", \"host:9092\")");
    } else if (kafka.usable(BOOTSTRAP_SERVERS_CONFIG)) {
      checkServers(kafka.texts(BOOTSTRAP_SERVERS_CONFIG));
    }
    if (!kafka.has(GROUP_ID_CONFIG)) {
      findings.unsafe(
          GROUP_ID_CONFIG,
          Findings.UNSET,
          "the consumer group must be named",
          "call kafka(\"group.id\", \"...\")");
    } else if (kafka.usable(GROUP_ID_CONFIG) && kafka.text(GROUP_ID_CONFIG).isEmpty()) {
      findings.unsafe(
          GROUP_ID_CONFIG, "blank", "the consumer group must have a name", "name the group");
    }
    String instance = kafka.text(GROUP_INSTANCE_ID_CONFIG);
    if (kafka.usable(GROUP_INSTANCE_ID_CONFIG) && !TopicNames.legal(instance)) {
      findings.unsafe(
          GROUP_INSTANCE_ID_CONFIG,
          '"' + Shown.text(instance) + '"',
          TopicNames.RULE,
          "correct it, or remove it for dynamic membership");
    }
  }

  private void checkServers(List<String> servers) {
    if (servers.stream().allMatch(String::isEmpty)) {
      findings.unsafe(
          BOOTSTRAP_SERVERS_CONFIG,
          kafka.shown(BOOTSTRAP_SERVERS_CONFIG),
          "at least one broker must be named",
          "give host:port, several separated by commas");
      return;
    }
    for (String server : servers) {
      Matcher address = ADDRESS.matcher(server);
      if (!server.isEmpty()
          && (!address.matches() || !isPort(Integer.parseInt(address.group(1))))) {
        findings.unsafe(
            BOOTSTRAP_SERVERS_CONFIG,
            Shown.text(server),
            "each broker must be host:port with a port from 1 to " + HIGHEST_PORT,
            "correct the address");
      }
    }
  }

  private static boolean isPort(int number) {
    return number >= 1 && number <= HIGHEST_PORT;
  }

  private void checkOurs() {
    if (kafka.has(ENABLE_AUTO_COMMIT_CONFIG)
        && kafka.usable(ENABLE_AUTO_COMMIT_CONFIG)
        && kafka.flag(ENABLE_AUTO_COMMIT_CONFIG)) {
      findings.unsafe(
          ENABLE_AUTO_COMMIT_CONFIG,
          "true",
          "Kafka's automatic commit would commit records that are not done; offsets are the library's",
          "remove it, or set it to false");
    }
    if (kafka.has(AUTO_COMMIT_INTERVAL_MS_CONFIG)) {
      findings.advice(
          AUTO_COMMIT_INTERVAL_MS_CONFIG,
          kafka.shown(AUTO_COMMIT_INTERVAL_MS_CONFIG),
          "has no effect: the library commits what is done by its own rhythm",
          "remove it");
    }
    if (!kafka.texts(INTERCEPTOR_CLASSES_CONFIG).isEmpty()) {
      findings.unsafe(
          INTERCEPTOR_CLASSES_CONFIG,
          kafka.shown(INTERCEPTOR_CLASSES_CONFIG),
          "the loop consumes bytes and deserializes on workers: an interceptor would see bytes, and run on the loop's thread, which runs no foreign code",
          "remove it; do the work in the handler, or in a handler that wraps it");
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
          "needs kafka-clients 4.2.2 or newer, and the version on the class path cannot be told",
          "make sure that it is 4.2.2 or newer");
    } else if (!client.get().isAtLeast(4, 2, 2)) {
      findings.unsafe(
          GROUP_PROTOCOL_CONFIG,
          "consumer",
          "needs kafka-clients 4.2.2 or newer: "
              + client.get().text()
              + " can return records of partitions it no longer owns (KAFKA-20332)",
          "use newer kafka-clients, or group.protocol=classic");
    }
  }
}
