package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG;

/** Settings that are the library's own, or that its loop has no place for. */
final class OwnedSettings {
  private final KafkaProperties kafka;
  private final Findings findings;

  OwnedSettings(KafkaProperties kafka, Findings findings) {
    this.kafka = kafka;
    this.findings = findings;
  }

  void check() {
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
}
