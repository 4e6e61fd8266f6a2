package io.github.safeconsumer.support;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** What operators do to topics and groups, and what their tools show. */
public final class Operator implements AutoCloseable {
  private final Admin admin;

  public Operator(String bootstrapServers) {
    this.admin = Clients.admin(bootstrapServers);
  }

  /** Deletes a topic and returns when the cluster shows it no more. */
  public void delete(String topic) {
    get(admin.deleteTopics(List.of(topic)).all());
    while (get(admin.listTopics().names()).contains(topic)) {
      Thread.onSpinWait();
    }
  }

  /** Removes the records below the offset, as retention does. */
  public void deleteRecords(TopicPartition partition, long before) {
    get(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before))).all());
  }

  public void growTo(String topic, int partitions) {
    get(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all());
  }

  /** Sets the offset of a group that has no member. */
  public void resetOffset(String group, TopicPartition partition, long offset) {
    get(
        admin
            .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
            .all());
  }

  /** Commits this for a group that has no member, whatever it says. */
  public void commit(String group, TopicPartition partition, long offset, String metadata) {
    get(
        admin
            .alterConsumerGroupOffsets(
                group, Map.of(partition, new OffsetAndMetadata(offset, metadata)))
            .all());
  }

  /** What stands beside the committed offset. */
  public String metadata(String group, TopicPartition partition) {
    return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .get(partition)
        .metadata();
  }

  /** What the group has committed, by partition. */
  public Map<TopicPartition, Long> committed(String group) {
    return Consumers.committed(admin, group);
  }

  /** What the group has committed of a partition, -1 where nothing. */
  public long committed(String group, TopicPartition partition) {
    return committed(group).getOrDefault(partition, -1L);
  }

  /** The end of the log as a consumer of this isolation level sees it. */
  public Map<TopicPartition, Long> ends(
      Collection<TopicPartition> partitions, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    get(admin.listOffsets(wanted, new ListOffsetsOptions(isolation)).all())
        .forEach((partition, info) -> ends.put(partition, info.offset()));
    return ends;
  }

  /** What lag tools show: the end of the log less what is committed. */
  public long lag(String group, TopicPartition partition) {
    return ends(List.of(partition), IsolationLevel.READ_UNCOMMITTED).get(partition)
        - Math.max(0, committed(group, partition));
  }

  public int leader(TopicPartition partition) {
    return get(admin.describeTopics(List.of(partition.topic())).allTopicNames())
        .get(partition.topic())
        .partitions()
        .get(partition.partition())
        .leader()
        .id();
  }

  public Set<String> topics() {
    return get(admin.listTopics().names());
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("refused by the cluster", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
