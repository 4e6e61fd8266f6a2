package io.github.safeconsumer.examples.testingahandler;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What is tested. One thing makes it easy: the method that builds the consumer takes what differs
 * between production and test, which is the address of Kafka and the downstream. It returns the
 * builder and not the consumer, so that the test gets every setting that production has.
 */
final class Shipping {
  record Order(String id, int quantity) {}

  /** The downstream. */
  interface Warehouse {
    /** Ships an order, unless one of that id was shipped before. */
    void ship(String id, int quantity) throws IOException;
  }

  private Shipping() {}

  static SafeConsumer.Builder<String, Order> consumer(Map<String, ?> kafka, Warehouse warehouse) {
    return SafeConsumer.<String, Order>builder()
        .kafka(kafka)
        .topics("orders")
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(() -> JsonDeserializer.of(Order.class))
        .deadLetter(DeadLetterPolicy.toTopic("orders.dlt"))
        .handler(
            RecordHandler.of(
                (record, context) -> {
                  Order order = record.value();
                  if (order.quantity() < 1) {
                    throw new NonRetryableException("quantity must be at least 1");
                  }
                  warehouse.ship(order.id(), order.quantity());
                }));
  }
}
