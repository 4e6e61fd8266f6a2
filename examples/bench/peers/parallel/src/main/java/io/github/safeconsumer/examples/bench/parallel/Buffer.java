package io.github.safeconsumer.examples.bench.parallel;

import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.RunSpec.Ordering;

/**
 * How many records may wait for a worker. The buffer that tunes itself begins at twice the
 * concurrency and grows by as much every two seconds, so it would be tiny through a whole run; it
 * is given a size instead.
 *
 * @param records how many
 * @param fetchBytes most that a fetch brings from one partition; 0: the client's default
 */
record Buffer(int records, int fetchBytes) {
  private static final int FEWEST = 5_000;

  /** As the buffer that tunes itself begins with 2. */
  private static final int ROUNDS_OF_WORK = 5;

  /** About 500 small records. */
  private static final int FETCH_BYTES = 64 * 1024;

  private static final int RECORDS_OF_FETCH = 500;

  static Buffer of(RunSpec spec, int partitions) {
    int atOnce = spec.concurrency() * Math.max(1, spec.batchSize());
    int records = Math.max(FEWEST, ROUNDS_OF_WORK * atOnce);
    if (spec.ordering() != Ordering.PARTITION) {
      return new Buffer(records, 0);
    }
    // Else one partition's records would fill it while workers wait for others'.
    int ofMember = (partitions + spec.members() - 1) / spec.members();
    return new Buffer(Math.max(records, 2 * ofMember * RECORDS_OF_FETCH), FETCH_BYTES);
  }

  boolean limitsFetches() {
    return fetchBytes > 0;
  }
}
