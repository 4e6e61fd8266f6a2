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
 * @param suspicion what it says of owners that died; null for nothing
 */
record Note(
    boolean open,
    long leaseEnd,
    Map<Long, Integer> attempts,
    Set<Long> buried,
    List<Range> done,
    Suspicion suspicion) {
  /** One that knows of no death. */
  Note(
      boolean open,
      long leaseEnd,
      Map<Long, Integer> attempts,
      Set<Long> buried,
      List<Range> done) {
    this(open, leaseEnd, attempts, buried, done, null);
  }

  /** Offsets from one (inclusive) to another (exclusive). */
  record Range(long from, long to) {
    boolean contains(long offset) {
      return from <= offset && offset < to;
    }
  }

  /**
   * Owners died, and records are suspected of it.
   *
   * @param deaths in a row
   * @param named the record that runs by itself, or -1
   * @param alone whether nothing else of the process runs meanwhile
   */
  record Suspicion(int deaths, List<Range> suspects, long named, boolean alone) {
    boolean suspects(long offset) {
      return suspects.stream().anyMatch(range -> range.contains(offset));
    }

    long count() {
      return suspects.stream().mapToLong(range -> range.to() - range.from()).sum();
    }
  }

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
    return done.stream().anyMatch(range -> range.contains(offset));
  }

  int attempts(long offset) {
    return attempts.getOrDefault(offset, 0);
  }
}
