package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.CLIENT_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_INSTANCE_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_RECORDS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Completes the checked Kafka settings to what the loop runs with. */
final class KafkaSettingsReader {
  /**
   * What brokers use with KIP-848 unless told otherwise; the client learns the real values only
   * after joining.
   */
  private static final Duration BROKER_SESSION_TIMEOUT = Duration.ofSeconds(45);

  private static final Duration BROKER_HEARTBEAT_INTERVAL = Duration.ofSeconds(5);

  private final KafkaProperties kafka;

  KafkaSettingsReader(KafkaProperties kafka) {
    this.kafka = kafka;
  }

  /**
   * Completes them.
   *
   * @param heartbeat of the classic protocol, given or chosen
   * @param maxPollRecords likewise
   */
  KafkaSettings read(
      String name,
      boolean consumerProtocol,
      OffsetReset reset,
      Duration heartbeat,
      int maxPollRecords) {
    String clientId = kafka.text(CLIENT_ID_CONFIG).isEmpty() ? name : kafka.text(CLIENT_ID_CONFIG);
    String instance = kafka.text(GROUP_INSTANCE_ID_CONFIG);
    return new KafkaSettings(
        forLoop(clientId, consumerProtocol ? null : heartbeat, maxPollRecords),
        kafka.forClient(),
        kafka.text(GROUP_ID_CONFIG),
        instance.isEmpty() ? Optional.empty() : Optional.of(instance),
        clientId,
        consumerProtocol,
        kafka.millis(MAX_POLL_INTERVAL_MS_CONFIG),
        consumerProtocol ? BROKER_SESSION_TIMEOUT : kafka.millis(SESSION_TIMEOUT_MS_CONFIG),
        consumerProtocol ? BROKER_HEARTBEAT_INTERVAL : heartbeat,
        maxPollRecords,
        reset);
  }

  private Map<String, Object> forLoop(
      String clientId, @Nullable Duration heartbeat, int maxPollRecords) {
    Map<String, Object> settings = kafka.forClient();
    if (heartbeat != null) {
      settings.put(HEARTBEAT_INTERVAL_MS_CONFIG, Math.toIntExact(heartbeat.toMillis()));
    }
    settings.put(MAX_POLL_RECORDS_CONFIG, maxPollRecords);
    settings.remove(AUTO_COMMIT_INTERVAL_MS_CONFIG);
    settings.put(CLIENT_ID_CONFIG, clientId);
    settings.put(ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return settings;
  }
}
