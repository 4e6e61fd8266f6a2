package io.github.safeconsumer.examples.enrichment;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerListener;
import io.github.safeconsumer.SpendingPolicy;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Copy this file and {@link GeoApi}: each record is looked up at an API that costs money, and what
 * comes back is written to another topic.
 *
 * <p>The cost is added where the call is made. {@code SpendingPolicy.perAttempt} counts attempts
 * instead, also those that an open breaker ends before anything was called: use it for a handler
 * whose every attempt costs. The limit is of this instance and in memory: with three instances give
 * each a third.
 *
 * <p>After a crash a record can be looked up, and paid for, once more.
 */
final class Enrichment implements AutoCloseable {
  static final String INPUT = "places";
  static final String OUTPUT = "places.enriched";
  static final String DEAD_LETTERS = "places.dlt";
  static final String GROUP = "geocoder";
  static final int CONCURRENCY = 8;

  private final GeoApi api;
  private final KafkaProducer<String, String> producer;
  private final SafeConsumer<String, String> consumer;

  Enrichment(
      String bootstrapServers, GeoApi api, double limitPerHour, SafeConsumerListener listener) {
    this.api = api;
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
            new StringSerializer(),
            new StringSerializer());
    consumer =
        SafeConsumer.<String, String>builder()
            .kafka(Map.of("bootstrap.servers", bootstrapServers, "group.id", GROUP))
            .topics(INPUT)
            .keyDeserializer(StringDeserializer::new)
            .valueDeserializer(StringDeserializer::new)
            // One look-up has nothing to do with another; so many at once as the contract allows.
            .ordering(Ordering.UNORDERED)
            .concurrency(CONCURRENCY)
            // Three failures in a row, and the API gets one probe at a time. In production rather
            // the default, 1 s doubling to a minute.
            .circuitBreaker(
                CircuitBreakerPolicy.defaults()
                    .openFor(Duration.ofMillis(500), Duration.ofSeconds(2)))
            .spending(SpendingPolicy.none().limitPerHour(limitPerHour))
            .deadLetter(DeadLetterPolicy.toTopic(DEAD_LETTERS).createIfMissing())
            .listener(listener)
            .handler(RecordHandler.of(this::enrich))
            .build();
  }

  private void enrich(ConsumerRecord<String, String> record, RecordContext context)
      throws Exception {
    String position =
        context.call(
            "geo-api",
            () -> {
              context.addCost(GeoApi.PRICE); // before the call: one that times out costs, too
              return api.locate(record.value());
            });
    // Done means written: the record's offset must not be committed before.
    producer.send(new ProducerRecord<>(OUTPUT, record.key(), position)).get();
  }

  SafeConsumer<String, String> consumer() {
    return consumer;
  }

  /** The consumer first: its handlers write to the producer until they end. */
  @Override
  public void close() {
    consumer.close();
    producer.close();
  }
}
