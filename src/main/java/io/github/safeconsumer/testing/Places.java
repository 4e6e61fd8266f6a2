package io.github.safeconsumer.testing;

import io.github.safeconsumer.internal.config.Subscription;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Where a record goes, and what a test may not do to topics. */
final class Places {
  private Places() {}

  /** The partition of a record; a topic that matches a pattern is created. */
  static TopicPartition of(
      ProducerRecord<byte[], byte[]> record, MemoryCluster cluster, Subscription subscription) {
    String topic = record.topic();
    requireSubscribed(topic, subscription);
    if (!cluster.hasTopic(topic)) {
      cluster.setPartitions(topic, 1);
    }
    int count = cluster.partitions(topic);
    Integer wanted = record.partition();
    byte[] key = record.key();
    if (wanted == null) {
      return new TopicPartition(
          topic, key == null ? 0 : Math.floorMod(Arrays.hashCode(key), count));
    }
    if (wanted >= count) {
      throw new IllegalStateException(
          "partition "
              + wanted
              + " of topic "
              + topic
              + " does not exist, it has "
              + count
              + ": call partitions(\""
              + topic
              + "\", "
              + (wanted + 1)
              + ") before");
    }
    return new TopicPartition(topic, wanted);
  }

  static void grow(String topic, int count, MemoryCluster cluster, Subscription subscription) {
    requireSubscribed(topic, subscription);
    int least = Math.max(1, cluster.partitions(topic));
    if (count < least) {
      throw new IllegalStateException(
          "count=" + count + " must be at least " + least + ": partitions are only ever added");
    }
    cluster.setPartitions(topic, count);
  }

  private static void requireSubscribed(String topic, Subscription subscription) {
    if (!subscription.covers(topic)) {
      throw new IllegalStateException(
          "topic "
              + topic
              + " is not subscribed to, only "
              + (subscription.pattern() == null ? subscription.topics() : subscription.pattern())
              + ": name it in topics(..) of the builder");
    }
  }
}
