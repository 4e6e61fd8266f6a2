package io.github.safeconsumer.internal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetter.Reason;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records and dead letters for tests. */
final class Letters {
  static final Instant FIRST = Instant.parse("2026-03-01T10:00:00.123Z");
  static final Instant LAST = Instant.parse("2026-03-01T10:05:00.456Z");
  static final DeadLetterFactory FACTORY =
      new DeadLetterFactory("billing", "billing-1", "host-1", () -> Optional.of("cluster-1"));

  private Letters() {}

  static ConsumerRecord<byte[], byte[]> record(
      String topic, long offset, byte[] key, byte[] value, Headers headers) {
    int sizes = -1;
    return new ConsumerRecord<>(
        topic,
        3,
        offset,
        1_700_000_000_000L,
        TimestampType.CREATE_TIME,
        sizes,
        sizes,
        key,
        value,
        headers,
        Optional.of(7));
  }

  static ConsumerRecord<byte[], byte[]> record(long offset) {
    return record(
        "orders",
        offset,
        bytes("key-" + offset),
        bytes("value-" + offset),
        new RecordHeaders().add("trace", bytes("t-1")));
  }

  static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
    return FACTORY.create(
        record, Reason.EXHAUSTED, new IllegalStateException("no such customer"), 8, FIRST, LAST);
  }

  static DeadLetter letter(long offset) {
    return letter(record(offset));
  }

  /** What a consumer of the dead-letter topic gets. */
  static ConsumerRecord<byte[], byte[]> readBack(ProducerRecord<byte[], byte[]> sent) {
    return record(sent.topic(), 0, sent.key(), sent.value(), sent.headers());
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
