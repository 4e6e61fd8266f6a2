package io.github.safeconsumer.internal.core;

import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Records as they are polled. */
final class Bytes {
  static final TopicPartition PARTITION = new TopicPartition("orders", 0);

  private Bytes() {}

  /** A record with one of so many keys. */
  static ConsumerRecord<byte[], byte[]> record(long offset, int keys) {
    byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt((int) (offset % keys)).array();
    return new ConsumerRecord<>(PARTITION.topic(), 0, offset, key, new byte[0]);
  }
}
