package io.github.safeconsumer.internal.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

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

  /** A record with a key; null for none. */
  public static ConsumerRecord<byte[], byte[]> keyed(@Nullable String key, long offset) {
    return new ConsumerRecord<>(
        PARTITION.topic(),
        PARTITION.partition(),
        offset,
        key == null ? null : key.getBytes(UTF_8),
        new byte[] {2});
  }

  /** An ownership that starts at this offset, its opening note confirmed. */
  public static OwnedPartition active(PauseGate gate, long start) {
    return open(acquiring(gate), start, null);
  }

  /** The same, with the order of records named. */
  public static OwnedPartition active(PauseGate gate, Ordering ordering, long start) {
    return open(acquiring(gate, ordering), start, null);
  }

  /** The same, with a bound on what may be handed to lanes. */
  static OwnedPartition active(PauseGate gate, Ordering ordering, long start, Admission admission) {
    return open(
        new OwnedPartition(
            PARTITION, 1, 7, new PartitionRules("group", ordering, 3, null, admission), gate),
        start,
        null);
  }

  /** Goes from ACQUIRING to ACTIVE, as the loop does it. */
  public static OwnedPartition open(OwnedPartition partition, long start, @Nullable Note note) {
    partition.place(start, note, 0);
    confirm(partition, 0);
    partition.activate();
    return partition;
  }

  /** What a last owner left beside this offset when it died. */
  public static Note note(long base, List<RetryEntry> retries, List<OffsetRange> done) {
    return new Note(
        Identity.of(null, null), base, Mode.OPEN, 1, base + 1_000, null, List.of(), retries, done);
  }

  /** A commit of what there is to say now goes out and is confirmed. */
  public static void confirm(OwnedPartition partition, long nowNanos) {
    Progress progress = partition.progress(-1, nowNanos);
    if (progress != null) {
      partition.confirm(progress, "note", 0);
    }
  }

  /** From here on the lease bounds nothing: the brokers take no notes. */
  public static OwnedPartition withoutLease(OwnedPartition partition) {
    partition.leaves(Mode.LEAVING); // something to say
    partition.confirm(Objects.requireNonNull(partition.progress(-1, 0)), "", 0);
    return partition;
  }

  public static OwnedPartition acquiring(PauseGate gate) {
    return acquiring(gate, Ordering.PARTITION);
  }

  public static OwnedPartition acquiring(PauseGate gate, Ordering ordering) {
    return new OwnedPartition(PARTITION, 1, 7, new PartitionRules("group", ordering, 3), gate);
  }

  /** One of them, by chance. */
  static <T> T any(T[] values, Random random) {
    return List.of(values).get(random.nextInt(values.length));
  }
}
