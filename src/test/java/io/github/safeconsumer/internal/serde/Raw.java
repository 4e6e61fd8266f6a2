package io.github.safeconsumer.internal.serde;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Raw records as a poll returns them. */
final class Raw {
  private Raw() {}

  static ConsumerRecord<byte[], byte[]> record(String key, String value) {
    return new ConsumerRecord<>(
        "orders",
        3,
        42,
        1_700_000_000_000L,
        TimestampType.LOG_APPEND_TIME,
        key == null ? -1 : bytes(key).length,
        value == null ? -1 : bytes(value).length,
        key == null ? null : bytes(key),
        value == null ? null : bytes(value),
        new RecordHeaders().add("h", bytes("1")).add("h", bytes("2")),
        Optional.of(5));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
