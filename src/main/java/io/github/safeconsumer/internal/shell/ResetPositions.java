package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.config.OffsetReset;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Where reading starts for a partition without a usable offset: {@code auto.offset.reset}, applied
 * by the loop and not by the client.
 */
final class ResetPositions {
  private final Consumer<byte[], byte[]> client;
  private final OffsetReset policy;
  private final Time time;

  ResetPositions(Consumer<byte[], byte[]> client, OffsetReset policy, Time time) {
    this.client = client;
    this.policy = policy;
    this.time = time;
  }

  OffsetReset policy() {
    return policy;
  }

  String policyName() {
    return policy.kind().name().toLowerCase(Locale.ROOT)
        + (policy.declared() ? "" : " (auto.offset.reset is not set)");
  }

  /**
   * Positions by policy.
   *
   * @throws NoOffsetForPartitionException where the policy is none
   * @throws org.apache.kafka.common.errors.TimeoutException when the broker did not answer in time
   */
  Map<TopicPartition, Long> find(Set<TopicPartition> partitions, Duration wait) {
    return switch (policy.kind()) {
      case EARLIEST -> client.beginningOffsets(partitions, wait);
      case LATEST -> client.endOffsets(partitions, wait);
      case BY_DURATION -> byTime(partitions, wait);
      case NONE -> throw new NoOffsetForPartitionException(partitions);
    };
  }

  /**
   * Positions for a log that took the place of another: its beginning, whatever the policy says of
   * the end, since none of it was read.
   *
   * @throws NoOffsetForPartitionException where the policy is none
   */
  Map<TopicPartition, Long> findAgain(Set<TopicPartition> partitions, Duration wait) {
    if (policy.kind() == OffsetReset.Kind.NONE) {
      throw new NoOffsetForPartitionException(partitions);
    }
    return client.beginningOffsets(partitions, wait);
  }

  private Map<TopicPartition, Long> byTime(Set<TopicPartition> partitions, Duration wait) {
    Map<TopicPartition, Long> wanted = new HashMap<>();
    long since = Math.max(0, time.millis() - policy.back().toMillis());
    partitions.forEach(partition -> wanted.put(partition, since));
    Map<TopicPartition, Long> found = new HashMap<>();
    Set<TopicPartition> nothingSince = new HashSet<>(partitions);
    for (Map.Entry<TopicPartition, OffsetAndTimestamp> entry :
        client.offsetsForTimes(wanted, wait).entrySet()) {
      if (entry.getValue() != null) {
        found.put(entry.getKey(), entry.getValue().offset());
        nothingSince.remove(entry.getKey());
      }
    }
    if (!nothingSince.isEmpty()) {
      found.putAll(client.endOffsets(nothingSince, wait));
    }
    return found;
  }
}
