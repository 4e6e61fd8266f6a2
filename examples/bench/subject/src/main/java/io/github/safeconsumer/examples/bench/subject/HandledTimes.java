package io.github.safeconsumer.examples.bench.subject;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * When each measured record was handled, for rates of some thousand a second. The harness, which
 * watches the group's committed offsets, makes of it how long records took from handled to
 * committed.
 */
final class HandledTimes {
  private final List<long[]> rows = new ArrayList<>();

  synchronized void add(ConsumerRecord<?, ?> record) {
    rows.add(new long[] {record.partition(), record.offset(), Stamp.now()});
  }

  /** Partition, offset, and microseconds since the epoch. */
  synchronized List<long[]> rows() {
    return List.copyOf(rows);
  }
}
