package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.PollBudget;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;

/**
 * The Kafka settings as the loop needs them.
 *
 * @param consumer effective properties of the KafkaConsumer (bytes in, no auto commit, no reset by
 *     the client itself)
 * @param user what the user gave, for deserializers' configure() and for the dead-letter producer's
 *     inherited settings
 * @param consumerProtocol true for {@code group.protocol=consumer} (KIP-848)
 * @param sessionTimeout classic: the client's; KIP-848: what the broker is assumed to use (its
 *     default, 45 s)
 * @param heartbeatInterval likewise; classic: where it was left open, the smallest of 3 s, a tenth
 *     of the poll interval and a third of the session time-out; KIP-848: the broker's default, 5 s
 * @param maxPollRecords as given; where it was left open Kafka's default, or what the declared
 *     latency allows
 */
public record KafkaSettings(
    Map<String, Object> consumer,
    Map<String, Object> user,
    String groupId,
    Optional<String> groupInstanceId,
    String clientId,
    boolean consumerProtocol,
    Duration maxPollInterval,
    Duration sessionTimeout,
    Duration heartbeatInterval,
    int maxPollRecords,
    OffsetReset offsetReset) {
  public KafkaSettings {
    consumer = Map.copyOf(consumer);
    user = Map.copyOf(user);
  }

  /** What of transactions the consumer sees. */
  public IsolationLevel isolation() {
    Object given = consumer.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG);
    return "read_committed".equalsIgnoreCase(String.valueOf(given).trim())
        ? IsolationLevel.READ_COMMITTED
        : IsolationLevel.READ_UNCOMMITTED;
  }

  /** How long the loop waits for one answer of the broker, a commit's too. */
  public Duration answerBound() {
    return answerBound(maxPollInterval);
  }

  /** The smaller of 5 s and a sixth of the poll interval. */
  static Duration answerBound(Duration maxPollInterval) {
    return Duration.ofMillis(Math.min(5_000, maxPollInterval.toMillis() / 6));
  }

  /** The part of the poll interval that admitted work may fill. */
  public Duration window() {
    return PollBudget.of(maxPollInterval, Duration.ZERO).window();
  }

  /** Without the settings themselves: passwords are among them. */
  @Override
  public String toString() {
    return "KafkaSettings[groupId="
        + groupId
        + ", clientId="
        + clientId
        + ", consumerProtocol="
        + consumerProtocol
        + ", maxPollInterval="
        + maxPollInterval
        + "]";
  }
}
