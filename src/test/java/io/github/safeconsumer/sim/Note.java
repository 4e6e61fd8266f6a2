package io.github.safeconsumer.sim;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What the metadata of a committed offset says, as the oracle reads it.
 *
 * @param open whether its owner had not released the partition
 * @param leaseEnd no record at or past it has begun
 * @param attempts how often records failed, as far as it is kept
 * @param buried records that no attempt may run any more: a dead letter of them is owed
 * @param done what is done beyond the committed offset
 */
record Note(
    boolean open, long leaseEnd, Map<Long, Integer> attempts, Set<Long> buried, List<Range> done) {
  /** Offsets from one (inclusive) to another (exclusive). */
  record Range(long from, long to) {}

  /**
   * A committed offset with its note.
   *
   * @param note null where there is none that can be read
   */
  record Position(TopicPartition partition, long offset, Note note) {
    /** Whether it says that this record is done. */
    boolean covers(long record) {
      return record < offset || (note != null && note.isDone(record));
    }
  }

  /** One that says nothing but where the lease ends. */
  static Note lease(long end) {
    return new Note(true, end, Map.of(), Set.of(), List.of());
  }

  boolean isDone(long offset) {
    return done.stream().anyMatch(range -> range.from() <= offset && offset < range.to());
  }

  int attempts(long offset) {
    return attempts.getOrDefault(offset, 0);
  }
}
