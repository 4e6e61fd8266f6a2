package io.github.safeconsumer.internal.config;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Settings of the dead-letter producer that would break what a dead letter promises: its offset
 * moves only after acks=all.
 */
final class DeadLetterProducerRules {
  private static final String PREFIX = "deadLetter.producer ";
  private static final Set<String> OURS =
      Set.of(
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG);

  private final Findings findings;

  DeadLetterProducerRules(Findings findings) {
    this.findings = findings;
  }

  void check(Map<String, Object> settings) {
    KafkaProperties given =
        new KafkaProperties(ProducerConfig.configDef(), settings, PREFIX, OURS, findings);
    OURS.stream()
        .sorted()
        .filter(given::has)
        .forEach(
            key ->
                refuse(
                    given,
                    key,
                    "is the library's: dead letters are bytes, sent one by one",
                    "remove it"));
    if (given.has(ProducerConfig.ACKS_CONFIG)
        && !Set.of("all", "-1").contains(given.text(ProducerConfig.ACKS_CONFIG))) {
      refuse(
          given,
          ProducerConfig.ACKS_CONFIG,
          "must be all: an offset moves only after all in-sync replicas have the dead letter",
          "remove it");
    }
    if (given.has(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG)
        && !given.flag(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG)) {
      refuse(
          given,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          "must be true: a repeated send must not write a dead letter twice",
          "remove it");
    }
    if (given.has(ProducerConfig.RETRIES_CONFIG)
        && given.number(ProducerConfig.RETRIES_CONFIG) == 0) {
      refuse(
          given,
          ProducerConfig.RETRIES_CONFIG,
          "must be over 0, since an idempotent producer retries",
          "remove it");
    }
    if (given.number(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION) > 5) {
      refuse(
          given,
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
          "must be from 1 to 5, as an idempotent producer requires",
          "remove it");
    }
    checkDelivery(given);
  }

  private void checkDelivery(KafkaProperties given) {
    Duration linger = given.millis(ProducerConfig.LINGER_MS_CONFIG);
    Duration request = given.millis(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
    Duration least = linger.plus(request);
    if (given.has(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG)
        && given.millis(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG).compareTo(least) < 0) {
      refuse(
          given,
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          "must be at least linger.ms + request.timeout.ms = "
              + Human.text(linger)
              + " + "
              + Human.text(request)
              + " = "
              + Human.text(least),
          "raise it to " + least.toMillis() + ", or lower request.timeout.ms");
    }
  }

  private void refuse(KafkaProperties given, String key, String rule, String remedy) {
    findings.unsafe(PREFIX + key, given.shown(key), rule, remedy);
  }
}
