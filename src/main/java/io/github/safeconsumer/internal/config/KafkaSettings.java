package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.PollBudget;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
 * @param heartbeatInterval likewise (3 s classic default, 5 s KIP-848 default)
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

  /** The part of the poll interval that admitted work may fill. */
  public Duration window() {
    return Duration.ofNanos((long) (maxPollInterval.toNanos() * PollBudget.MARGIN));
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
