package io.github.safeconsumer.internal.core;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that was polled and is not done: a link in the ledger of its partition and in its lane.
 * Guarded by the partition.
 */
public final class OpenRecord {
  final ConsumerRecord<byte[], byte[]> record;

  /** Neighbours among the partition's open records, by offset; the ledger's. */
  @Nullable OpenRecord earlier;

  @Nullable OpenRecord later;

  /** How many records between this one and the next open one are done; the ledger's. */
  int doneAfter;

  /** The next record of the same lane; the lane's. */
  @Nullable OpenRecord next;

  /** What earlier owners went through with it, until it is the head of its lane. */
  @Nullable FailureHistory inherited;

  OpenRecord(ConsumerRecord<byte[], byte[]> record) {
    this.record = record;
  }

  public long offset() {
    return record.offset();
  }
}
