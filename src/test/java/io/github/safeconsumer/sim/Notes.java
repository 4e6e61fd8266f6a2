package io.github.safeconsumer.sim;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Reads what the library wrote beside a committed offset. */
final class Notes {
  private Notes() {}

  static Note.Position read(TopicPartition partition, OffsetAndMetadata committed) {
    return new Note.Position(partition, committed.offset(), null);
  }
}
