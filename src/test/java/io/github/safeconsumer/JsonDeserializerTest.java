package io.github.safeconsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDeserializerTest {
  private static final String SECRET = "4111-1111";

  private record Order(String id, int count, Colour colour) {
    private Order {
      if (count < 0) {
        throw new IllegalArgumentException("id " + id + " has a negative count");
      }
    }
  }

  private enum Colour {
    RED
  }

  private record Dated(Instant at) {}

  private final JsonDeserializer<Order> orders = JsonDeserializer.of(Order.class);

  @Test
  void shouldReadRecords() {
    assertThat(orders.deserialize("t", json("{\"id\":\"a\",\"count\":3,\"colour\":\"RED\"}")))
        .isEqualTo(new Order("a", 3, Colour.RED));
  }

  @Test
  void shouldReadGenericTypes() {
    JsonDeserializer<Map<String, List<Order>>> generic =
        JsonDeserializer.of(new TypeReference<Map<String, List<Order>>>() {});

    assertThat(generic.deserialize("t", json("{\"x\":[{\"id\":\"a\"}]}")))
        .isEqualTo(Map.of("x", List.of(new Order("a", 0, null))));
  }

  @Test
  void shouldReadATombstoneAsNull() {
    assertThat(orders.deserialize("t", null)).isNull();
  }

  @Test
  void shouldIgnorePropertiesThatTheClassDoesNotHave() {
    assertThat(orders.deserialize("t", json("{\"id\":\"a\",\"new\":{\"x\":1}}")))
        .isEqualTo(new Order("a", 0, null));
  }

  @Test
  void shouldBeStrictWhereTheReaderIs() {
    JsonDeserializer<Order> strict =
        JsonDeserializer.of(
            JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build()
                .readerFor(Order.class));

    assertThatThrownBy(() -> strict.deserialize("t", json("{\"" + SECRET + "\":1}")))
        .isInstanceOf(SerializationException.class)
        .satisfies(JsonDeserializerTest::holdsNoData);
  }

  @Test
  void shouldRefuseTheLiteralNull() {
    assertThatThrownBy(() -> orders.deserialize("t", json(" null ")))
        .isInstanceOf(SerializationException.class)
        .hasMessage("topic t: the JSON null is no value; a tombstone is a null record value");
  }

  @Test
  void shouldRefuseAnythingAfterTheValue() {
    assertThatThrownBy(() -> orders.deserialize("t", json("{\"id\":\"a\"} {\"id\":\"b\"}")))
        .isInstanceOf(SerializationException.class);
    JsonDeserializer<Order> ownReader =
        JsonDeserializer.of(new JsonMapper().readerFor(Order.class));
    assertThatThrownBy(() -> ownReader.deserialize("t", json("{\"id\":\"a\"} x")))
        .isInstanceOf(SerializationException.class);
    assertThat(orders.deserialize("t", json("{\"id\":\"a\"}\n ")))
        .isEqualTo(new Order("a", 0, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "4111-1111",
        "{\"id\": 4111-1111",
        "{\"id\":\"4111-1111\",\"count\":\"4111-1111\"}",
        "{\"id\":\"4111-1111\",\"count\":-1}",
        "{\"colour\":\"4111-1111\"}",
        "{\"id\":{\"4111-1111\":1}}",
        "[\"4111-1111\"]",
        "\"4111-1111\"",
        "{\"count\":41111111411111114111}",
        "{\"id\":\"4111-1111\u0000"
      })
  void shouldNeverPutDataOfTheRecordInAFailure(String payload) {
    Throwable failure = catchThrowable(() -> orders.deserialize("payments", json(payload)));

    assertThat(failure)
        .isInstanceOf(SerializationException.class)
        .hasMessageStartingWith("topic payments: ")
        .hasMessageContaining("Order");
    holdsNoData(failure);
  }

  @Test
  void shouldSayWhereAndWhatIsWrong() {
    assertThatThrownBy(
            () -> orders.deserialize("payments", json("{\"id\":\"a\",\n\"count\":\"x\"}")))
        .hasMessageContaining("at line 2, column 9")
        .hasMessageContaining("InvalidFormatException, where int is wanted");
  }

  @Test
  void shouldPointAtTheConstructorThatRefusedTheValue() {
    assertThatThrownBy(
            () -> orders.deserialize("payments", json("{\"id\":\"" + SECRET + "\",\"count\":-1}")))
        .hasMessageContaining("caused by java.lang.IllegalArgumentException at ")
        .hasMessageContaining("JsonDeserializerTest.java:")
        .satisfies(JsonDeserializerTest::holdsNoData);
  }

  @Test
  void shouldSayWhatToDoAboutTypesThatNeedAModule() {
    JsonDeserializer<Dated> dated = JsonDeserializer.of(Dated.class);

    assertThatThrownBy(() -> dated.deserialize("t", json("{\"at\":\"2026-01-01T00:00:00Z\"}")))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("java.time.Instant cannot be mapped: use of(ObjectReader)");
  }

  @Test
  void shouldSurviveNestingWithoutEnd() {
    JsonDeserializer<JsonNode> any = JsonDeserializer.of(JsonNode.class);

    assertThatThrownBy(() -> any.deserialize("t", json("[".repeat(1_000_000))))
        .isInstanceOf(SerializationException.class);
  }

  @Test
  void shouldChooseTheClassByTopic() {
    JsonDeserializer<Object> mixed =
        JsonDeserializer.byTopic(Map.of("orders", Order.class, "counts", Integer.class));

    assertThat(mixed.deserialize("orders", json("{\"id\":\"a\"}")))
        .isEqualTo(new Order("a", 0, null));
    assertThat(mixed.deserialize("counts", json("7"))).isEqualTo(7);
    assertThatThrownBy(() -> mixed.deserialize("others", json("\"" + SECRET + "\"")))
        .isInstanceOf(SerializationException.class)
        .hasMessage(
            "no class is known for topic others, only for counts, orders: add it to byTopic(..)");
  }

  @Test
  void shouldRefuseWhatCouldNeverReadARecord() {
    assertThatThrownBy(() -> JsonDeserializer.byTopic(Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JsonDeserializer.of(new JsonMapper().reader()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JsonDeserializer.of((Class<String>) null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void shouldServeManyThreadsWithOneInstance() {
    List<CompletableFuture<Order>> all =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () ->
                            orders.deserialize(
                                "t", json("{\"id\":\"" + i + "\",\"count\":" + i + "}"))))
            .toList();

    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).join()).isEqualTo(new Order(String.valueOf(i), i, null));
    }
  }

  private static void holdsNoData(Throwable failure) {
    for (Throwable link = failure; link != null; link = link.getCause()) {
      assertThat(link.toString()).doesNotContain("4111");
    }
    assertThat(failure.getSuppressed()).isEmpty();
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
