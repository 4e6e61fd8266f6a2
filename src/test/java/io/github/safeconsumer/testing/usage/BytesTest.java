package io.github.safeconsumer.testing.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.UUIDDeserializer;
import org.junit.jupiter.api.Test;

/** How keys and values become bytes, and what bytes that are none become. */
class BytesTest {
  record Order(String id, int quantity) {}

  private final List<Object> seen = new ArrayList<>();

  private <K, V> SafeConsumer.Builder<K, V> builder() {
    return SafeConsumer.<K, V>builder()
        .kafka(Map.of("bootstrap.servers", "broker:9092", "group.id", "shipping"))
        .topics("orders")
        .deadLetter(DeadLetterPolicy.toTopic("orders.dlt"))
        .handler(
            RecordHandler.of(
                (record, context) -> {
                  seen.add(record.key());
                  seen.add(record.value());
                }));
  }

  @Test
  void shouldMakeJsonForAJsonDeserializer() {
    HandlerTestDriver<Long, Order> driver =
        HandlerTestDriver.of(
            this.<Long, Order>builder()
                .keyDeserializer(new LongDeserializer())
                .valueDeserializer(() -> JsonDeserializer.of(Order.class)));
    try (driver) {
      driver.pipe("orders", 7L, new Order("a", 3));
    }
    assertThat(seen).containsExactly(7L, new Order("a", 3));
  }

  @Test
  void shouldFindTheCounterpartOfDeserializersGivenByName() {
    UUID key = new UUID(1, 2);
    HandlerTestDriver<UUID, byte[]> driver =
        HandlerTestDriver.of(
            this.<UUID, byte[]>builder()
                .kafka("key.deserializer", UUIDDeserializer.class.getName())
                .kafka("value.deserializer", ByteArrayDeserializer.class));
    try (driver) {
      driver.pipe("orders", key, new byte[] {1, 2});
    }
    assertThat(seen).containsExactly(key, new byte[] {1, 2});
  }

  @Test
  void shouldUseTheSerializersGiven() {
    Deserializer<Order> own = (topic, bytes) -> new Order(new String(bytes, UTF_8), bytes.length);
    HandlerTestDriver<Long, Order> driver =
        HandlerTestDriver.of(
            this.<Long, Order>builder()
                .keyDeserializer(LongDeserializer::new)
                .valueDeserializer(() -> own),
            new LongSerializer(),
            (topic, order) -> order.id().getBytes(UTF_8));
    try (driver) {
      driver.pipe("orders", 1L, new Order("four", 0));
    }
    assertThat(seen).containsExactly(1L, new Order("four", 4));
  }

  @Test
  void shouldSayHowToGoOnWhenNoCounterpartIsKnown() {
    Deserializer<Order> own = (topic, bytes) -> new Order("x", 0);
    HandlerTestDriver<Long, Order> driver =
        HandlerTestDriver.of(
            this.<Long, Order>builder()
                .keyDeserializer(LongDeserializer::new)
                .valueDeserializer(() -> own));
    try (driver) {
      assertThatThrownBy(() -> driver.pipe("orders", 1L, new Order("x", 0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("HandlerTestDriver.of(builder, keySerializer, valueSerializer)")
          .hasMessageContaining("pipeBytes");

      driver.pipeBytes("orders", null, new byte[] {1});
      assertThat(seen).containsExactly(null, new Order("x", 0));
    }
  }

  @Test
  void shouldMakePoisonBytesADeadLetterAndGoOn() {
    HandlerTestDriver<Long, Order> driver =
        HandlerTestDriver.of(
            this.<Long, Order>builder()
                .keyDeserializer(LongDeserializer::new)
                .valueDeserializer(() -> JsonDeserializer.of(Order.class)));
    try (driver) {
      driver.pipeBytes("orders", null, "{broken".getBytes(UTF_8));
      driver.pipe("orders", 1L, new Order("a", 1));

      assertThat(driver.deadLetters())
          .singleElement()
          .matches(letter -> letter.reason() == DeadLetter.Reason.UNDESERIALIZABLE)
          .matches(letter -> new String(letter.value(), UTF_8).equals("{broken"));
      assertThat(seen).containsExactly(1L, new Order("a", 1));
      assertThat(driver.committed("orders", 0)).hasValue(2);
    }
  }
}
