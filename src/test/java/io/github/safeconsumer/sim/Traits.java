package io.github.safeconsumer.sim;

import io.github.safeconsumer.Ordering;

/**
 * What a checker has to know of one SafeConsumer.
 *
 * @param process the simulated process that it lives in
 * @param batch most records of a batch; 1 for a handler of single records
 * @param metadataLimit characters that the brokers allow beside a committed offset
 * @param instance its static identity, or null
 * @param crashLimit deaths before a record is convicted
 * @param timeoutNanos after which nobody waits for an attempt any more, grace included; 0: never
 */
record Traits(
    String process,
    Ordering ordering,
    int concurrency,
    int batch,
    long drainNanos,
    long maxPollNanos,
    int maxAttempts,
    int metadataLimit,
    String instance,
    int crashLimit,
    long timeoutNanos) {
  /** What brokers allow unless they are told otherwise. */
  static final int USUAL_METADATA = 4096;

  /** As long as a synchronous commit may take. */
  long commitNanos() {
    return Math.min(5_000_000_000L, maxPollNanos / 4);
  }

  /** What records must not overtake each other share it. */
  String lane(long offset, String key) {
    return lane(ordering, offset, key);
  }

  static String lane(Ordering ordering, long offset, String key) {
    return switch (ordering) {
      case PARTITION -> "";
      case KEY -> key == null ? "@" + offset : "=" + key;
      case UNORDERED -> "@" + offset;
    };
  }
}
