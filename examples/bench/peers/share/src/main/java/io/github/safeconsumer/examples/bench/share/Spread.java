package io.github.safeconsumer.examples.bench.share;

import io.github.safeconsumer.examples.bench.subject.RunSpec;

/**
 * How a member's concurrency is spread over consumers. The way that share groups are meant for is
 * one consumer for each thread; a thousand of them are too many for a broker and for a client, so
 * some threads share one then.
 *
 * @param consumers of one member
 * @param lanes threads that handle the records of one consumer
 * @param maxPollRecords what one poll brings
 * @param strict whether the broker keeps to that exactly, or hands out whole batches of a producer
 */
record Spread(int consumers, int lanes, int maxPollRecords, boolean strict) {
  private static final int MOST_CONSUMERS = 64;
  private static final int MOST_RECORDS = 500;

  /** How many records of a partition may be handed out at once; the broker's default. */
  private static final int RECORD_LOCKS = 2000;

  static Spread of(RunSpec spec, int partitions) {
    if (spec.batchSize() > 0) {
      return new Spread(Math.min(spec.concurrency(), MOST_CONSUMERS), 1, spec.batchSize(), true);
    }
    return switch (spec.work().kind()) {
      case NOTHING, SPIN -> forComputing(spec);
      case SLEEP, SKEW -> forWaiting(spec, partitions);
    };
  }

  /** More threads than cores do not help, and whole batches cost the broker least. */
  private static Spread forComputing(RunSpec spec) {
    int cores = Runtime.getRuntime().availableProcessors();
    int consumers = Math.max(1, Math.min(spec.concurrency(), cores) / spec.members());
    return new Spread(consumers, 1, MOST_RECORDS, false);
  }

  /** Each consumer takes its part of what may be handed out, so that none goes short. */
  private static Spread forWaiting(RunSpec spec, int partitions) {
    int most = Math.max(1, MOST_CONSUMERS / spec.members());
    int lanes = (spec.concurrency() + most - 1) / most;
    int consumers = spec.concurrency() / lanes;
    int part = partitions * RECORD_LOCKS / (consumers * spec.members());
    return new Spread(consumers, lanes, Math.max(lanes, Math.min(MOST_RECORDS, part)), true);
  }
}
