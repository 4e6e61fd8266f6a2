package io.github.safeconsumer.micrometer;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.testing.HandlerTestDriver;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A consumer in memory and its meters. Each read of a figure is a new look at the consumer. */
final class Meters implements AutoCloseable {
  static final String TOPIC = "orders";

  final HandlerTestDriver<String, String> driver;
  final MeterRegistry registry;
  final SafeConsumerMetrics metrics;
  private long now;

  Meters(RecordHandler<String, String> handler) {
    this(handler, new SimpleMeterRegistry());
  }

  Meters(RecordHandler<String, String> handler, MeterRegistry registry) {
    this(builder("shipping", handler), registry);
  }

  Meters(SafeConsumer.Builder<String, String> builder, MeterRegistry registry) {
    this.driver = HandlerTestDriver.of(builder);
    this.registry = registry;
    this.metrics = SafeConsumerMetrics.of(driver.consumer(), () -> now);
    metrics.bindTo(registry);
  }

  static SafeConsumer.Builder<String, String> builder(
      String group, RecordHandler<String, String> handler) {
    return SafeConsumer.<String, String>builder()
        .kafka("bootstrap.servers", "broker:9092")
        .kafka("group.id", group)
        .kafka("auto.offset.reset", "earliest")
        .topics(TOPIC)
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2))
        .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(3))
        .deadLetter(DeadLetterPolicy.toTopic("orders.dlt"))
        .handler(handler);
  }

  /** The next read looks at the consumer again. */
  void lookAgain() {
    now += Source.FRESH_NANOS;
    value("safeconsumer.partitions");
  }

  /** The figure as it is now. */
  double now(String name, String... tags) {
    lookAgain();
    return value(name, tags);
  }

  double value(String name, String... tags) {
    Meter meter = registry.get(name).tags(tags).meter();
    return meter instanceof FunctionCounter counter ? counter.count() : ((Gauge) meter).value();
  }

  boolean exists(String name, String... tags) {
    return registry.find(name).tags(tags).meter() != null;
  }

  /** The names of all meters. */
  Set<String> names() {
    return registry.getMeters().stream()
        .map(meter -> meter.getId().getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public void close() {
    metrics.close();
    driver.close();
  }
}
