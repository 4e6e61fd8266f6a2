package io.github.safeconsumer;

/**
 * Which records must not overtake each other. Records that must not are handled one after the
 * other, in offset order, by any thread; all others may run at the same time, up to {@code
 * concurrency} in all.
 *
 * <p>The order is that of a topic-partition: nothing orders records of two partitions.
 */
public enum Ordering {
  /** All records of a partition, the default: a record that waits for a retry holds the rest. */
  PARTITION,

  /**
   * Records of a partition with the same key: a slow or failing key holds nothing but itself. Keys
   * are compared as raw bytes, before deserialization. Records without a key are not ordered at
   * all.
   */
  KEY,

  /** None: each record may run at any time. */
  UNORDERED
}
