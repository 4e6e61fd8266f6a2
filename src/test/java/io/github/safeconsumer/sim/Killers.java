package io.github.safeconsumer.sim;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;

/** Some records of one partition, whose handler kills its process, or never returns. */
final class Killers {
  private final Set<Long> indices = new HashSet<>();
  private final TopicPartition where;
  private final Set<Long> offsets = new HashSet<>();
  private long appended;

  Killers(Plan plan, List<TopicPartition> partitions, int count) {
    SplittableRandom random = new SplittableRandom(plan.seed() + 77);
    where = partitions.get(random.nextInt(partitions.size()));
    long soon = plan.backlog() + (long) plan.recordsPerSecond() * plan.seconds() / 3;
    long index = random.nextLong(1 + soon / partitions.size());
    for (int i = 0; i < count; i++) {
      indices.add(index);
      index += 1 + (random.nextBoolean() ? 0 : random.nextInt(50));
    }
  }

  /** A record was written; true when it is one of them. */
  boolean appended(TopicPartition partition, long offset) {
    if (!partition.equals(where) || !indices.contains(appended++)) {
      return false;
    }
    offsets.add(offset);
    return true;
  }

  boolean contains(TopicPartition partition, long offset) {
    return partition.equals(where) && offsets.contains(offset);
  }

  /** Its records do not exist any more. */
  void recreated(String topic) {
    if (where.topic().equals(topic)) {
      offsets.clear();
    }
  }
}
