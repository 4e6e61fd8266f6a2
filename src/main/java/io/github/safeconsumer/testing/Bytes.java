package io.github.safeconsumer.testing;

import io.github.safeconsumer.internal.config.RawSettings;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Makes bytes of typed records. Without given serializers it looks for them when first needed. */
final class Bytes<K, V> {
  private @Nullable Serializer<? super K> keys;
  private @Nullable Serializer<? super V> values;

  /** By the counterparts of the deserializers. */
  Bytes() {}

  Bytes(Serializer<? super K> keys, Serializer<? super V> values) {
    this.keys = keys;
    this.values = values;
  }

  ProducerRecord<byte[], byte[]> of(ProducerRecord<K, V> record, RawSettings<K, V> settings) {
    Headers headers = new RecordHeaders(record.headers());
    return new ProducerRecord<>(
        record.topic(),
        record.partition(),
        record.timestamp(),
        bytes(keys(settings), record.topic(), headers, record.key()),
        bytes(values(settings), record.topic(), headers, record.value()),
        headers);
  }

  @SuppressWarnings("NullAway") // a record without key or value has none in bytes either
  private static <T> byte[] bytes(
      Serializer<? super T> by, String topic, Headers headers, @Nullable T object) {
    return object == null ? null : by.serialize(topic, headers, object);
  }

  @SuppressWarnings("unchecked") // what a K was read by, its counterpart writes
  private Serializer<? super K> keys(RawSettings<K, V> settings) {
    if (keys == null) {
      keys = (Serializer<? super K>) Serializers.ofKeys(settings);
    }
    return keys;
  }

  @SuppressWarnings("unchecked") // what a V was read by, its counterpart writes
  private Serializer<? super V> values(RawSettings<K, V> settings) {
    if (values == null) {
      values = (Serializer<? super V>) Serializers.ofValues(settings);
    }
    return values;
  }
}
