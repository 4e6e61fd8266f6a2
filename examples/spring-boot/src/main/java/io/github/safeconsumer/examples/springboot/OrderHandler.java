package io.github.safeconsumer.examples.springboot;

import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;

/** A bean as any other: what it needs is injected. */
@Component
public class OrderHandler extends RecordHandler<String, Order> {
  private final Warehouse warehouse;

  OrderHandler(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  @Override
  public void handle(ConsumerRecord<String, Order> record, RecordContext context) {
    warehouse.ship(record.value());
  }
}
