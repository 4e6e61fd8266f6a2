package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG;

import io.github.safeconsumer.ReplayOptions;
import io.github.safeconsumer.internal.core.TopicNames;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/** What a dead-letter topic is opened and replayed with, checked before anything connects. */
public final class DeadLettersSettings {
  private static final String PRODUCER = "ReplayOptions.producer ";

  private DeadLettersSettings() {}

  /**
   * The settings as they were given, with numbers in the type in which the client wants them.
   *
   * @throws io.github.safeconsumer.ConfigurationException naming every finding
   */
  public static Map<String, Object> check(Map<?, ?> kafka, String topic) {
    Findings findings = new Findings();
    KafkaProperties properties = connection(kafka, findings);
    if (!TopicNames.legal(topic)) {
      findings.unsafe(
          "topic", Shown.text(topic), "a topic's name " + TopicNames.RULE, "correct the name");
    }
    findings.refuseUnsafe();
    return properties.forClient();
  }

  /** The same for looking at a group. */
  public static Map<String, Object> checkConnection(Map<?, ?> kafka, String group) {
    Findings findings = new Findings();
    KafkaProperties properties = connection(kafka, findings);
    if (group.isBlank()) {
      findings.unsafe("group", Shown.text(group), "must not be empty", "give the group's id");
    }
    findings.refuseUnsafe();
    return properties.forClient();
  }

  private static KafkaProperties connection(Map<?, ?> kafka, Findings findings) {
    Map<String, @Nullable Object> raw = new HashMap<>();
    kafka.forEach((key, value) -> raw.put(String.valueOf(key), value));
    KafkaProperties properties =
        new KafkaProperties(
            ConsumerConfig.configDef(),
            raw,
            "",
            raw.containsKey(PropertyCheck.CONFIG_PROVIDERS),
            Set.of(KEY_DESERIALIZER_CLASS_CONFIG, VALUE_DESERIALIZER_CLASS_CONFIG),
            findings);
    new RequiredSettings(properties, findings).checkBrokers();
    return properties;
  }

  /**
   * The producer's own settings of a replay, likewise.
   *
   * @param deadLetters the topic the letters are in
   */
  public static Map<String, Object> check(
      ReplayOptions options, String deadLetters, boolean configProviders) {
    Findings findings = new Findings();
    options
        .topic()
        .ifPresent(
            target -> {
              if (!TopicNames.legal(target)) {
                findings.unsafe(
                    "ReplayOptions.toTopic",
                    Shown.text(target),
                    "a topic's name " + TopicNames.RULE,
                    "correct the name");
              } else if (target.equals(deadLetters)) {
                findings.unsafe(
                    "ReplayOptions.toTopic",
                    target,
                    "the letters are in this topic: they would be replayed into it without end",
                    "name another topic, or replay to the origin");
              }
            });
    KafkaProperties producer =
        new DeadLetterProducerRules(findings, PRODUCER).check(options.producer(), configProviders);
    findings.refuseUnsafe();
    return producer.forClient();
  }
}
