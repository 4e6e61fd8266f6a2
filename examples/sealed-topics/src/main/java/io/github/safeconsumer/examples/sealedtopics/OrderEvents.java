package io.github.safeconsumer.examples.sealedtopics;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * One consumer for several topics, with a type of event for each. Copy this file.
 *
 * <ul>
 *   <li>The topic says which type is read; no field of the data and no header can.
 *   <li>No type is forgotten. An event hands itself to its own method of {@link Cases}: a new type
 *       does not compile before every handler has a method for it. (A chain of {@code instanceof}
 *       would, and drop it in silence. From Java 21 on, a {@code switch} does as well as this.) A
 *       type without a topic ends the start.
 *   <li>What must be there is checked in the constructors. To JSON a missing field is null or 0: an
 *       event in the wrong topic would look like one of the right type.
 *   <li>A bad event goes to the dead letters of its own topic.
 *   <li>Kafka keeps no order between topics, so neither does {@code KEY}: an order can be paid
 *       before it was placed, and both be handled at once. The handler has to bear it.
 * </ul>
 */
final class OrderEvents {
  /** Topic by topic, what is in it. */
  static final Map<String, Class<? extends Event>> TOPICS =
      Map.of(
          "orders.placed", OrderPlaced.class,
          "orders.paid", OrderPaid.class,
          "orders.cancelled", OrderCancelled.class);

  sealed interface Event permits OrderPlaced, OrderPaid, OrderCancelled {
    String orderId();

    void handOver(Cases cases) throws Exception;
  }

  /** What a handler has to have. Called by several threads. */
  interface Cases {
    void placed(OrderPlaced event) throws Exception;

    void paid(OrderPaid event) throws Exception;

    void cancelled(OrderCancelled event) throws Exception;
  }

  record OrderPlaced(String orderId, String customer) implements Event {
    OrderPlaced {
      Objects.requireNonNull(orderId, "orderId");
      Objects.requireNonNull(customer, "customer");
    }

    @Override
    public void handOver(Cases cases) throws Exception {
      cases.placed(this);
    }
  }

  record OrderPaid(String orderId, long cents) implements Event {
    OrderPaid {
      Objects.requireNonNull(orderId, "orderId");
      if (cents <= 0) {
        throw new IllegalArgumentException("cents must be over 0");
      }
    }

    @Override
    public void handOver(Cases cases) throws Exception {
      cases.paid(this);
    }
  }

  record OrderCancelled(String orderId, String reason) implements Event {
    OrderCancelled {
      Objects.requireNonNull(orderId, "orderId");
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public void handOver(Cases cases) throws Exception {
      cases.cancelled(this);
    }
  }

  private OrderEvents() {}

  /**
   * @param topics {@link #TOPICS}, or the names of another environment
   * @throws IllegalArgumentException when a type of event has no topic
   */
  static SafeConsumer.Builder<String, Event> consumer(
      Map<String, ?> kafka, Map<String, Class<? extends Event>> topics, Cases cases) {
    requireAllTypes(topics);
    return SafeConsumer.<String, Event>builder()
        .kafka(kafka)
        .topics(topics.keySet().toArray(String[]::new)) // those that have a type, and no others
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(() -> JsonDeserializer.byTopic(topics))
        .ordering(Ordering.KEY)
        .concurrency(4)
        .deadLetter(DeadLetterPolicy.suffix(".dlt").createIfMissing())
        .handler(
            RecordHandler.of(
                (record, context) -> {
                  if (record.value() == null) {
                    throw new NonRetryableException("a tombstone is no event");
                  }
                  record.value().handOver(cases);
                }));
  }

  private static void requireAllTypes(Map<String, Class<? extends Event>> topics) {
    Set<String> missing = new TreeSet<>();
    List.of(Event.class.getPermittedSubclasses())
        .forEach(type -> missing.add(type.getSimpleName()));
    topics.values().forEach(type -> missing.remove(type.getSimpleName()));
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("no topic for " + missing + ": add it to the topics");
    }
  }
}
