package io.github.safeconsumer.examples.sealedtopics;

import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.examples.sealedtopics.OrderEvents.Event;
import io.github.safeconsumer.localkafka.Sandbox;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

/** Events in three topics, bad ones among them, and what the forgetful get to read. */
final class Events {
  static final String GROUP = "sealed-topics";
  static final int ORDERS = 30;
  private static final String BROKEN = "{\"orderId\": \"order-1\", \"cents\": ";
  private static final String MISPLACED = placed(2);

  private final Sandbox sandbox;
  private final PrintStream out;
  private final Ledger ledger = new Ledger(2 * ORDERS);

  Events(Sandbox sandbox, PrintStream out) {
    this.sandbox = sandbox;
    this.out = out;
  }

  /** Whether all came out as it should. */
  boolean run() throws Exception {
    OrderEvents.TOPICS.keySet().forEach(topic -> sandbox.topic(topic, 2));
    send();
    Map<String, Object> kafka =
        Map.of(
            "bootstrap.servers",
            sandbox.bootstrapServers(),
            "group.id",
            GROUP,
            "auto.offset.reset",
            "earliest");
    boolean noted;
    ConsumerRecord<String, String> broken;
    ConsumerRecord<String, String> misplaced;
    try (SafeConsumer<String, Event> consumer =
        OrderEvents.consumer(kafka, OrderEvents.TOPICS, ledger).build()) {
      consumer.start();
      noted = ledger.expected().await(60, TimeUnit.SECONDS);
      broken = sandbox.read("orders.paid.dlt", 1).get(0);
      misplaced = sandbox.read("orders.cancelled.dlt", 1).get(0);
    } // drained and committed
    out.println("one consumer, topics " + new TreeSet<>(OrderEvents.TOPICS.keySet()));
    out.printf(
        "%d placed, %d paid, %d cancelled%n",
        ledger.count("placed"), ledger.count("paid"), ledger.count("cancelled"));
    out.println("orders.paid.dlt:      " + broken.value());
    out.println("orders.cancelled.dlt: " + misplaced.value());
    return noted
        && ledger.count("placed") == ORDERS
        && ledger.count("paid") == ORDERS / 2
        && ledger.count("cancelled") == ORDERS / 2
        && broken.value().equals(BROKEN)
        && misplaced.value().equals(MISPLACED)
        && tellsOfUnknownTopic()
        && tellsOfForgottenType(kafka);
  }

  /** Half of the orders are paid, the other half cancelled. */
  private void send() {
    for (int i = 0; i < ORDERS; i++) {
      sandbox.send("orders.placed", "order-" + i, placed(i));
      if (i % 2 == 0) {
        sandbox.send(
            "orders.paid",
            "order-" + i,
            "{\"orderId\": \"order-%d\", \"cents\": 999}".formatted(i));
      } else {
        sandbox.send(
            "orders.cancelled",
            "order-" + i,
            "{\"orderId\": \"order-%d\", \"reason\": \"too late\"}".formatted(i));
      }
    }
    sandbox.send("orders.paid", "order-1", BROKEN);
    sandbox.send("orders.cancelled", "order-2", MISPLACED);
  }

  private static String placed(int order) {
    return "{\"orderId\": \"order-%d\", \"customer\": \"c\"}".formatted(order);
  }

  /** Cannot happen with these topics; with a pattern instead of names it could. */
  private boolean tellsOfUnknownTopic() {
    try (JsonDeserializer<Event> deserializer = JsonDeserializer.byTopic(OrderEvents.TOPICS)) {
      deserializer.deserialize("orders.refunded", new byte[] {'{', '}'});
      return false;
    } catch (SerializationException refused) {
      out.println("a record of a topic without a type: " + refused.getMessage());
      return true;
    }
  }

  private boolean tellsOfForgottenType(Map<String, Object> kafka) {
    Map<String, Class<? extends Event>> topics = new HashMap<>(OrderEvents.TOPICS);
    topics.remove("orders.cancelled");
    try {
      OrderEvents.consumer(kafka, topics, ledger);
      return false;
    } catch (IllegalArgumentException refused) {
      out.println("a type without a topic, at the start: " + refused.getMessage());
      return true;
    }
  }
}
