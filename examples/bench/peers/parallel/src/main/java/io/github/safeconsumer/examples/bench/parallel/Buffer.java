package io.github.safeconsumer.examples.bench.parallel;

import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.RunSpec.Ordering;

/**
 * How many records may wait for a worker. Where order is that of the partition, the buffer that
 * tunes itself is too small: the records of one partition fill it while workers wait for others'.
 * So it is given a size then, of twice what a fetch brings from all partitions, and fetches are
 * kept to what that leaves room for.
 *
 * @param records 0: it tunes itself
 * @param fetchBytes most that a fetch brings from one partition; 0: the client's default
 */
record Buffer(int records, int fetchBytes) {
  private static final int ALL_BYTES = 4 << 20;
  private static final int FEWEST_BYTES = 16 << 10;

  /** The client's default. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int SMALL_RECORD_BYTES = 128;

  private static final Buffer TUNES_ITSELF = new Buffer(0, 0);

  static Buffer of(RunSpec spec, int partitions) {
    if (spec.ordering() != Ordering.PARTITION) {
      return TUNES_ITSELF;
    }
    int ofMember = (partitions + spec.members() - 1) / spec.members();
    int bytes = Math.max(FEWEST_BYTES, Math.min(MOST_BYTES, ALL_BYTES / ofMember));
    return new Buffer(2 * ofMember * (bytes / SMALL_RECORD_BYTES), bytes);
  }

  boolean isGiven() {
    return records > 0;
  }
}
