package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.producer.ProducerConfig.ACKS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.LINGER_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION;
import static org.apache.kafka.clients.producer.ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.RETRIES_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.TRANSACTIONAL_ID_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Settings of the dead-letter producer that would break what a dead letter promises: its offset
 * moves only after acks=all.
 */
final class DeadLetterProducerRules {
  static final String PREFIX = "deadLetter.producer ";
  private static final int MOST_IN_FLIGHT = 5;

  /** What the dead-letter producer uses where the user says nothing; the client judges the sum. */
  private static final Duration LINGER = Duration.ofMillis(5);

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final List<String> OURS =
      List.of(KEY_SERIALIZER_CLASS_CONFIG, TRANSACTIONAL_ID_CONFIG, VALUE_SERIALIZER_CLASS_CONFIG);

  private final Findings findings;
  private final String prefix;

  /**
   * @param prefix put before a key in findings
   */
  DeadLetterProducerRules(Findings findings, String prefix) {
    this.findings = findings;
    this.prefix = prefix;
  }

  KafkaProperties check(Map<String, Object> settings, boolean configProviders) {
    KafkaProperties given =
        new KafkaProperties(
            ProducerConfig.configDef(),
            settings,
            prefix,
            configProviders,
            Set.copyOf(OURS),
            findings);
    for (String key : OURS) {
      refuseIf(
          given.has(key), given, key, "is the library's: dead letters are bytes, sent one by one");
    }
    refuseIf(
        given.has(ACKS_CONFIG) && !Set.of("all", "-1").contains(given.text(ACKS_CONFIG)),
        given,
        ACKS_CONFIG,
        "must be all: an offset moves only after all in-sync replicas have the dead letter");
    refuseIf(
        given.usable(ENABLE_IDEMPOTENCE_CONFIG) && !given.flag(ENABLE_IDEMPOTENCE_CONFIG),
        given,
        ENABLE_IDEMPOTENCE_CONFIG,
        "must be true: a repeated send must not write a dead letter twice");
    refuseIf(
        given.usable(RETRIES_CONFIG) && given.number(RETRIES_CONFIG) == 0,
        given,
        RETRIES_CONFIG,
        "must be over 0, since an idempotent producer retries");
    refuseIf(
        given.number(MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION) > MOST_IN_FLIGHT,
        given,
        MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
        "must be from 1 to " + MOST_IN_FLIGHT + ", as an idempotent producer requires");
    checkDelivery(given);
    return given;
  }

  private void checkDelivery(KafkaProperties given) {
    Duration linger = given.usable(LINGER_MS_CONFIG) ? given.millis(LINGER_MS_CONFIG) : LINGER;
    Duration request =
        given.usable(REQUEST_TIMEOUT_MS_CONFIG)
            ? given.millis(REQUEST_TIMEOUT_MS_CONFIG)
            : REQUEST_TIMEOUT;
    Duration least = linger.plus(request);
    refuseIf(
        given.usable(DELIVERY_TIMEOUT_MS_CONFIG)
            && given.millis(DELIVERY_TIMEOUT_MS_CONFIG).compareTo(least) < 0,
        given,
        DELIVERY_TIMEOUT_MS_CONFIG,
        "must be at least linger.ms + request.timeout.ms = "
            + Human.text(linger)
            + " + "
            + Human.text(request)
            + " = "
            + Human.text(least));
  }

  private void refuseIf(boolean refused, KafkaProperties given, String key, String rule) {
    if (refused) {
      findings.unsafe(prefix + key, given.shown(key), rule, "remove it, or give an allowed value");
    }
  }
}
