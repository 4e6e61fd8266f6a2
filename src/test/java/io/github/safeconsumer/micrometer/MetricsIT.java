package io.github.safeconsumer.micrometer;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class MetricsIT {
  @Test
  void print() throws Exception {
    String kafka = SharedKafka.bootstrapServers();
    String topic = Topics.create(kafka, "metered", 2);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Clients.produce(kafka, topic, "a", "b");
    try (SafeConsumer<String, String> consumer =
        Consumers.strings(kafka, Topics.uniqueName("group"), topic, RecordHandler.of((r, c) -> {}))
            .circuitBreaker(CircuitBreakerPolicy.defaults())
            .build()) {
      SafeConsumerMetrics.of(consumer).withKafkaMetrics().bindTo(registry);
      consumer.start().get(30, SECONDS);
      Thread.sleep(3000);
      registry.scrape();
      System.out.println(registry.scrape());
      consumer.kafkaMetrics().keySet().stream()
          .map(n -> n.group() + ":" + n.name() + n.tags().keySet())
          .sorted()
          .forEach(System.out::println);
    }
  }
}
