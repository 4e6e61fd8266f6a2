package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_ID_CONFIG;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What no consumer can do without: brokers and a group. */
final class RequiredSettings {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[a-zA-Z0-9_]+://)?(?:\\[[0-9a-fA-F:.%]+]|[^\\s:/\\[\\]@]+):(\\d{1,5})");
  private static final int HIGHEST_PORT = 65_535;

  private final KafkaProperties kafka;
  private final Findings findings;

  RequiredSettings(KafkaProperties kafka, Findings findings) {
    this.kafka = kafka;
    this.findings = findings;
  }

  void check() {
    checkBrokers();
    checkGroup();
  }

  void checkBrokers() {
    if (!kafka.has(BOOTSTRAP_SERVERS_CONFIG)) {
      findings.unsafe(
          BOOTSTRAP_SERVERS_CONFIG,
          Findings.UNSET,
          "the brokers must be named",
          "call kafka(\"bootstrap.servers\", \"host:9092\")");
    } else if (kafka.usable(BOOTSTRAP_SERVERS_CONFIG)) {
      checkServers(kafka.texts(BOOTSTRAP_SERVERS_CONFIG));
    }
  }

  private void checkGroup() {
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
}
