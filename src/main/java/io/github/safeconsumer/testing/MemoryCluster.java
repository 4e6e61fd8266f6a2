package io.github.safeconsumer.testing;

import io.github.safeconsumer.internal.config.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * What outlives a consumer: the logs, the group's committed offsets, the dead letters; and what is
 * out of order with it. For the driver's thread only.
 */
final class MemoryCluster {
  static final String ID = "in-memory";

  private final VirtualTime time;
  private final Map<String, Integer> partitions = new TreeMap<>();
  private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> logs =
      new TreeMap<>(MemoryCluster::compare);
  private final Map<TopicPartition, OffsetAndMetadata> committed =
      new TreeMap<>(MemoryCluster::compare);
  private final List<ConsumerRecord<byte[], byte[]>> written = new ArrayList<>();
  private int generation;
  boolean commitsFail;
  boolean deadLetterTopicDown;

  MemoryCluster(VirtualTime time) {
    this.time = time;
  }

  static int compare(TopicPartition one, TopicPartition other) {
    int topics = one.topic().compareTo(other.topic());
    return topics != 0 ? topics : Integer.compare(one.partition(), other.partition());
  }

  int nextGeneration() {
    return ++generation;
  }

  boolean hasTopic(String topic) {
    return partitions.containsKey(topic);
  }

  /** Of a topic; 0 where there is none of that name. */
  int partitions(String topic) {
    return partitions.getOrDefault(topic, 0);
  }

  void setPartitions(String topic, int count) {
    partitions.put(topic, count);
  }

  /** All there are, in order, of the topics that are subscribed to. */
  List<TopicPartition> partitions(Subscription subscription) {
    List<TopicPartition> found = new ArrayList<>();
    partitions.forEach(
        (topic, count) -> {
          for (int number = 0; subscription.covers(topic) && number < count; number++) {
            found.add(new TopicPartition(topic, number));
          }
        });
    return found;
  }

  List<ConsumerRecord<byte[], byte[]>> log(TopicPartition partition) {
    return logs.computeIfAbsent(partition, p -> new ArrayList<>());
  }

  /** The offset that the next record gets. */
  long end(TopicPartition partition) {
    return log(partition).size();
  }

  ConsumerRecord<byte[], byte[]> append(
      TopicPartition partition, ProducerRecord<byte[], byte[]> record) {
    ConsumerRecord<byte[], byte[]> appended =
        consumed(partition, end(partition), record, record.timestamp());
    log(partition).add(appended);
    return appended;
  }

  private ConsumerRecord<byte[], byte[]> consumed(
      TopicPartition partition,
      long offset,
      ProducerRecord<byte[], byte[]> record,
      @Nullable Long timestamp) {
    Headers headers = new RecordHeaders(record.headers());
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        offset,
        timestamp == null ? time.millis() : timestamp,
        TimestampType.CREATE_TIME,
        size(record.key()),
        size(record.value()),
        record.key(),
        record.value(),
        headers,
        Optional.empty());
  }

  private static int size(byte @Nullable [] bytes) {
    return bytes == null ? ConsumerRecord.NULL_SIZE : bytes.length;
  }

  /** A dead letter arrived and is acknowledged. */
  ConsumerRecord<byte[], byte[]> write(ProducerRecord<byte[], byte[]> record) {
    long offset = written.stream().filter(w -> w.topic().equals(record.topic())).count();
    ConsumerRecord<byte[], byte[]> arrived =
        consumed(new TopicPartition(record.topic(), 0), offset, record, null);
    written.add(arrived);
    return arrived;
  }

  List<ConsumerRecord<byte[], byte[]>> written() {
    return List.copyOf(written);
  }

  void commit(TopicPartition partition, OffsetAndMetadata offset) {
    committed.put(partition, offset);
  }

  OptionalLong committed(TopicPartition partition) {
    OffsetAndMetadata offset = committed.get(partition);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset());
  }

  @Nullable OffsetAndMetadata commitOf(TopicPartition partition) {
    return committed.get(partition);
  }
}
