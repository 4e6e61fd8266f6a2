package io.github.safeconsumer.examples.ordersdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.localkafka.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class OrdersDbTest {
  private static String id(List<ConsumerRecord<String, String>> letters, String order) {
    return letters.stream()
        .filter(letter -> letter.value().contains(order))
        .map(letter -> letter.headers().lastHeader("safeconsumer.dlt.id").value())
        .map(id -> new String(id, UTF_8))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldHoldEveryOrderOnceHoweverOftenItWasDelivered() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (Database database = Database.inMemory();
        Sandbox sandbox = Sandbox.start()) {
      boolean good = new Deliveries(sandbox, database, new PrintStream(shown, true, UTF_8)).run();
      assertThat(good).as(shown.toString(UTF_8)).isTrue();
      assertThat(database.orders()).isEqualTo(350);
      assertThat(database.taken()).isEqualTo(350 * 3); // 1 to 5 of each, 3 on average
      assertThat(sandbox.committed("orders-db", "orders").values().stream().mapToLong(n -> n).sum())
          .isEqualTo(300 + 1 + 2 + 50);
      List<ConsumerRecord<String, String>> letters = sandbox.read("orders.dlt", 4);
      assertThat(letters)
          .hasSize(4)
          .extracting(ConsumerRecord::value)
          .allMatch(value -> value.contains("order-300") || value.contains("order-301"));
      assertThat(letters)
          .extracting(letter -> letter.headers().lastHeader("safeconsumer.dlt.id").value())
          .as("a letter that is written again has the id that it had")
          .map(id -> new String(id, UTF_8))
          .containsOnly(id(letters, "order-300"), id(letters, "order-301"));
    }
    assertThat(shown.toString(UTF_8)).contains("the database is away");
  }
}
