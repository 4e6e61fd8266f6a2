package io.github.safeconsumer.examples.migrate.member;

import java.util.HashMap;
import java.util.Map;

/**
 * What all members have in common.
 *
 * @param bootstrapServers the broker
 * @param topic what they read
 * @param group the group, under one name for all
 */
public record Spec(String bootstrapServers, String topic, String group) {
  /** Kafka's own settings. The assignor is Kafka's default everywhere: range is common to all. */
  public Map<String, Object> kafka() {
    return new HashMap<>(
        Map.of(
            "bootstrap.servers", bootstrapServers,
            "group.id", group,
            "auto.offset.reset", "earliest",
            "enable.auto.commit", "false",
            "max.poll.records", "50",
            // Short, so that a member that was killed is soon replaced.
            "session.timeout.ms", "6000",
            "heartbeat.interval.ms", "500",
            "key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer",
            "value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer"));
  }
}
