package io.github.safeconsumer.testing.usage;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A builder as a user has it, and a handler that notes what it saw and fails on command. */
final class Setup {
  private Setup() {}

  static SafeConsumer.Builder<String, String> builder(RecordHandler<String, String> handler) {
    return SafeConsumer.<String, String>builder()
        .kafka(
            Map.of(
                "bootstrap.servers",
                "broker:9092",
                "group.id",
                "shipping",
                "auto.offset.reset",
                "earliest"))
        .topics("orders")
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .deadLetter(DeadLetterPolicy.toTopic("orders.dlt"))
        .handler(handler);
  }

  static <E extends SafeConsumerEvent> List<E> events(
      HandlerTestDriver<?, ?> driver, Class<E> type) {
    return driver.events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Notes {@code value#attempt}; throws what was set for a value. */
  static final class Recorder extends RecordHandler<String, String> {
    final List<String> seen = new ArrayList<>();
    final List<String> callbacks = new ArrayList<>();
    final Map<String, Exception> failures = new HashMap<>();
    final List<Thread> threads = new ArrayList<>();

    @Override
    public void handle(
        ConsumerRecord<String, String> record, io.github.safeconsumer.RecordContext context)
        throws Exception {
      seen.add(record.value() + "#" + context.attempt());
      threads.add(Thread.currentThread());
      Exception failure = failures.get(record.value());
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void onAssigned(
        java.util.Collection<org.apache.kafka.common.TopicPartition> partitions) {
      callbacks.add("assigned " + partitions);
    }

    @Override
    public void onRevoked(java.util.Collection<org.apache.kafka.common.TopicPartition> partitions) {
      callbacks.add("revoked " + partitions);
    }

    @Override
    public void onLost(java.util.Collection<org.apache.kafka.common.TopicPartition> partitions) {
      callbacks.add("lost " + partitions);
    }
  }
}
