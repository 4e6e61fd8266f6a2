package io.github.safeconsumer.internal.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

class DecoderTest {
  private static final Deserializer<String> MUST_NOT_RUN =
      (topic, data) -> {
        throw new AssertionError("asked to deserialize " + topic);
      };

  private static <T> DeserializerSource<T> shared(Deserializer<T> deserializer) {
    return Deserializers.shared(deserializer, new ReentrantLock());
  }

  private static <K, V> Decoder<K, V> decoder(Deserializer<K> keys, Deserializer<V> values) {
    return Decoder.open(shared(keys), shared(values), Map.of());
  }

  @Test
  void shouldKeepEverythingButTheBytes() throws Exception {
    ConsumerRecord<byte[], byte[]> raw = Raw.record("k", "value");

    ConsumerRecord<String, String> typed =
        decoder(new StringDeserializer(), new StringDeserializer()).decode(raw);

    assertThat(typed.key()).isEqualTo("k");
    assertThat(typed.value()).isEqualTo("value");
    assertThat(typed.topic()).isEqualTo(raw.topic());
    assertThat(typed.partition()).isEqualTo(raw.partition());
    assertThat(typed.offset()).isEqualTo(raw.offset());
    assertThat(typed.timestamp()).isEqualTo(raw.timestamp());
    assertThat(typed.timestampType()).isEqualTo(raw.timestampType());
    assertThat(typed.serializedKeySize()).isEqualTo(1);
    assertThat(typed.serializedValueSize()).isEqualTo(5);
    assertThat(typed.leaderEpoch()).isEqualTo(raw.leaderEpoch());
    assertThat(typed.headers()).isEqualTo(raw.headers());
  }

  @Test
  void shouldGiveNullForNullBytesWithoutAskingTheDeserializer() throws Exception {
    ConsumerRecord<String, String> typed =
        decoder(MUST_NOT_RUN, MUST_NOT_RUN).decode(Raw.record(null, null));

    assertThat(typed.key()).isNull();
    assertThat(typed.value()).isNull();
    assertThat(typed.serializedKeySize()).isEqualTo(-1);
    assertThat(typed.serializedValueSize()).isEqualTo(-1);
  }

  @Test
  void shouldKeepWhatAHandlerDoesToHeadersAwayFromTheRawRecord() throws Exception {
    ConsumerRecord<byte[], byte[]> raw = Raw.record("k", "v");
    ConsumerRecord<byte[], byte[]> bare =
        new ConsumerRecord<>("t", 0, 0, Raw.bytes("k"), Raw.bytes("v"));
    Decoder<byte[], byte[]> decoder =
        decoder(new ByteArrayDeserializer(), new ByteArrayDeserializer());

    decoder.decode(raw).headers().add("added", Raw.bytes("x")).remove("h");
    decoder.decode(bare).headers().add("added", Raw.bytes("x"));

    assertThat(raw.headers()).isEqualTo(Raw.record("k", "v").headers());
    assertThat(bare.headers()).isEmpty();
  }

  @Test
  void shouldShowADeserializersChangeOfHeadersToTheHandlerOnly() throws Exception {
    ConsumerRecord<byte[], byte[]> raw = Raw.record("k", "v");
    Deserializer<String> eatsTypeHeaders =
        new StringDeserializer() {
          @Override
          public String deserialize(String topic, Headers headers, byte[] data) {
            headers.remove("h");
            return super.deserialize(topic, data);
          }
        };

    ConsumerRecord<String, String> typed =
        decoder(new StringDeserializer(), eatsTypeHeaders).decode(raw);

    assertThat(typed.headers()).isEmpty();
    assertThat(raw.headers().toArray()).hasSize(2);
  }

  @Test
  void shouldSayWhetherKeyOrValueFailedAndWhyWithoutTheBytes() {
    IllegalStateException boom = new IllegalStateException("boom");
    Deserializer<String> fails =
        (topic, data) -> {
          throw boom;
        };

    DecodeFailure key =
        catchThrowableOfType(
            DecodeFailure.class,
            () ->
                decoder(fails, new StringDeserializer())
                    .decode(Raw.record("secret-k", "secret-v")));
    DecodeFailure value =
        catchThrowableOfType(
            DecodeFailure.class,
            () ->
                decoder(new StringDeserializer(), fails)
                    .decode(Raw.record("secret-k", "secret-v")));

    assertThat(key.isKey()).isTrue();
    assertThat(key)
        .hasCause(boom)
        .hasMessage("key of orders-3@42 cannot be deserialized: java.lang.IllegalStateException");
    assertThat(value.isKey()).isFalse();
    assertThat(value)
        .hasCause(boom)
        .hasMessage("value of orders-3@42 cannot be deserialized: java.lang.IllegalStateException");
  }

  @Test
  void shouldTakeErrorsForFailuresOfTheRecord() {
    StackOverflowError overflow = new StackOverflowError();
    Deserializer<String> fails =
        (topic, data) -> {
          throw overflow;
        };

    assertThatThrownBy(() -> decoder(new StringDeserializer(), fails).decode(Raw.record("k", "v")))
        .isInstanceOf(DecodeFailure.class)
        .hasCause(overflow);
  }

  @Test
  void shouldCloseBothAndNeverThrow() {
    List<String> closed = new ArrayList<>();
    Decoder<String, String> decoder =
        Decoder.open(
            Deserializers.supplied(() -> new Closing("key", closed)),
            Deserializers.supplied(() -> new Closing("value", closed)),
            Map.of());

    decoder.close();

    assertThat(closed).containsExactly("key", "value");
  }

  @Test
  void shouldLeaveNothingOpenWhenTheSecondCannotBeOpened() {
    List<String> closed = new ArrayList<>();
    DeserializerSource<String> fails =
        (kafka, isKey) -> {
          throw new IllegalStateException("no value deserializer");
        };

    assertThatThrownBy(
            () ->
                Decoder.open(
                    Deserializers.supplied(() -> new Closing("key", closed)), fails, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no value deserializer");
    assertThat(closed).containsExactly("key");
  }

  /** Notes that it was closed, and fails in it. */
  private static final class Closing extends StringDeserializer {
    private final String name;
    private final List<String> closed;

    Closing(String name, List<String> closed) {
      this.name = name;
      this.closed = closed;
    }

    @Override
    public void close() {
      closed.add(name);
      throw new AssertionError("close failed");
    }
  }
}
