package io.github.safeconsumer.internal.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Records and partitions to test with. */
public final class Records {
  public static final TopicPartition PARTITION = new TopicPartition("orders", 0);

  private Records() {}

  public static ConsumerRecord<byte[], byte[]> at(TopicPartition partition, long offset) {
    return new ConsumerRecord<>(
        partition.topic(), partition.partition(), offset, new byte[] {1}, new byte[] {2});
  }

  public static List<ConsumerRecord<byte[], byte[]>> at(long... offsets) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (long offset : offsets) {
      records.add(at(PARTITION, offset));
    }
    return records;
  }

  /** From (inclusive) to (exclusive), without gaps. */
  public static List<ConsumerRecord<byte[], byte[]>> range(long from, long to) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (long offset = from; offset < to; offset++) {
      records.add(at(PARTITION, offset));
    }
    return records;
  }

  /** An ownership that starts at this offset. */
  public static OwnedPartition active(PauseGate gate, long start) {
    OwnedPartition partition = acquiring(gate);
    partition.place(start, null, 0);
    partition.confirm(java.util.Objects.requireNonNull(partition.progress(-1, 0)), "note", 0);
    partition.activate();
    return partition;
  }

  public static OwnedPartition acquiring(PauseGate gate) {
    return new OwnedPartition(
        PARTITION,
        1,
        7,
        new OwnedPartition.Rules("group", io.github.safeconsumer.Ordering.PARTITION, 3),
        gate);
  }

  /** One of them, by chance. */
  static <T> T any(T[] values, Random random) {
    return List.of(values).get(random.nextInt(values.length));
  }
}
