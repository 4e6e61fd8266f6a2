package io.github.safeconsumer.internal.serde;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Makes typed records of raw ones. One per worker, used by one thread at a time. */
public final class Decoder<K, V> implements AutoCloseable {
  private final Deserializer<K> keys;
  private final Deserializer<V> values;

  private Decoder(Deserializer<K> keys, Deserializer<V> values) {
    this.keys = keys;
    this.values = values;
  }

  /**
   * Opens a deserializer of each source.
   *
   * @param kafka the user's Kafka settings, for configure()
   * @throws RuntimeException what a supplier threw, or a {@code KafkaException} where a class could
   *     not be created; nothing is left open
   */
  public static <K, V> Decoder<K, V> open(
      DeserializerSource<K> keys, DeserializerSource<V> values, Map<String, Object> kafka) {
    Deserializer<K> key = keys.open(kafka, true);
    try {
      return new Decoder<>(key, values.open(kafka, false));
    } catch (RuntimeException | Error failed) {
      Deserializers.closeQuietly(key);
      throw failed;
    }
  }

  /**
   * Decodes a record. Null bytes stay null without asking the deserializer, as in Kafka's own
   * client. The typed record has its own headers: what a deserializer or a handler does to them
   * cannot reach the raw record, from which a dead letter is made. The arrays of bytes are not
   * copied.
   *
   * @throws DecodeFailure whatever a deserializer threw, errors included
   */
  public ConsumerRecord<K, V> decode(ConsumerRecord<byte[], byte[]> raw) throws DecodeFailure {
    Headers headers = new OwnHeaders(raw.headers());
    K key = decode(keys, true, raw, headers, raw.key());
    V value = decode(values, false, raw, headers, raw.value());
    return new ConsumerRecord<>(
        raw.topic(),
        raw.partition(),
        raw.offset(),
        raw.timestamp(),
        raw.timestampType(),
        raw.serializedKeySize(),
        raw.serializedValueSize(),
        key,
        value,
        headers,
        raw.leaderEpoch());
  }

  @SuppressWarnings(
      "NullAway") // Kafka's records have null keys and values, which its types do not say
  private static <T> T decode(
      Deserializer<T> deserializer,
      boolean isKey,
      ConsumerRecord<byte[], byte[]> raw,
      Headers headers,
      byte @Nullable [] bytes)
      throws DecodeFailure {
    if (bytes == null) {
      return null;
    }
    try {
      return deserializer.deserialize(raw.topic(), headers, bytes);
    } catch (Throwable failed) {
      throw new DecodeFailure(isKey, raw, failed);
    }
  }

  /** Closes what was opened for this worker. Never throws. */
  @Override
  public void close() {
    Deserializers.closeQuietly(keys);
    Deserializers.closeQuietly(values);
  }
}
