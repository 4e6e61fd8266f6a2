package io.github.safeconsumer.internal.config;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.MetricsReporter;

/**
 * Lists of classes: Kafka looks for them only when the client is created, which is after build().
 */
final class ClassListRules {
  private final KafkaProperties kafka;
  private final Findings findings;

  ClassListRules(KafkaProperties kafka, Findings findings) {
    this.kafka = kafka;
    this.findings = findings;
  }

  void check() {
    check(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, ConsumerPartitionAssignor.class);
    check(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, MetricsReporter.class);
    if (kafka.usable(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG)
        && kafka.texts(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG).isEmpty()) {
      findings.unsafe(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          "[]",
          "at least one strategy is needed to share the partitions of the group",
          "name one, or leave it out for Kafka's default");
    }
  }

  private void check(String key, Class<?> wanted) {
    if (kafka.usable(key) && kafka.effective(key) instanceof List<?> entries) {
      entries.forEach(
          entry ->
              check(
                  key,
                  String.valueOf(entry instanceof Class<?> type ? type.getName() : entry),
                  entry,
                  wanted));
    }
  }

  private void check(String key, String shown, Object entry, Class<?> wanted) {
    try {
      Object type = ConfigDef.parseType(key, entry, ConfigDef.Type.CLASS);
      if (type instanceof Class<?> found && wanted.isAssignableFrom(found)) {
        return;
      }
    } catch (ConfigException | LinkageError notFound) {
      // named below
    }
    findings.unsafe(
        key,
        Shown.text(shown),
        "each entry must be a Class, or the name of one on the class path, that implements "
            + wanted.getName(),
        "correct the name, or add the jar that holds it");
  }
}
