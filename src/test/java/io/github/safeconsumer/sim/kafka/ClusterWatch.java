package io.github.safeconsumer.sim.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a checker can see of the cluster and its clients. Called at the moment at which it happens;
 * it must not call back, nor pass time.
 */
public interface ClusterWatch {
  /** The constructor returned. */
  default void clientCreated(ClientId client) {}

  /** close() came to its end, by an exception too. */
  default void clientClosed(ClientId client) {}

  /** The group has a new member. */
  default void memberJoined(ClientId client, String member) {}

  /** It said so itself. */
  default void memberLeft(ClientId client, String member) {}

  /** The coordinator threw it out. */
  default void memberExpelled(ClientId client, String member, String reason) {}

  /** The client owns them from now on; its callback comes next. */
  default void partitionsAssigned(
      ClientId client, int generation, Collection<TopicPartition> partitions) {}

  /** The client's callback comes next, then it owns them no more. */
  default void partitionsRevoked(
      ClientId client, int generation, Collection<TopicPartition> partitions) {}

  /** That callback is over: another member may have them from now on. */
  default void partitionsGone(ClientId client, Collection<TopicPartition> partitions) {}

  /** As {@link #partitionsRevoked}; others may have them already. */
  default void partitionsLost(ClientId client, Collection<TopicPartition> partitions) {}

  /** A poll returned these. */
  default void recordsReturned(
      ClientId client, TopicPartition partition, List<Long> offsets, boolean paused) {}

  /**
   * The group's committed offset is another one now.
   *
   * @param generation or member epoch of the commit; -1 for one from outside of the group
   */
  default void commitApplied(
      ClientId client, TopicPartition partition, OffsetAndMetadata offset, int generation) {}

  /** What the client was told about a commit of its. */
  default void commitAnswered(
      ClientId client,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      @Nullable Exception failure) {}

  /** Somebody outside of the group changed what it has committed. */
  default void commitTampered(
      String group, TopicPartition partition, @Nullable OffsetAndMetadata offset) {}

  /** A record was appended by a producer of the library. */
  default void recordSent(
      SimProcess process, TopicPartition to, long offset, ProducerRecord<byte[], byte[]> record) {}

  default void callStarted(ClientId client, String call) {}

  default void callEnded(ClientId client, String call, long nanos, @Nullable Throwable thrown) {}

  /** The client was used in a way that is forbidden. */
  default void violation(String rule, String what) {}
}
