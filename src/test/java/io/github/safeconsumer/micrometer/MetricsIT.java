package io.github.safeconsumer.micrometer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The meters of a consumer on a real broker, and what is drawn of them. */
@Timeout(120)
class MetricsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final String FETCHED =
      "safeconsumer.kafka.consumer.fetch.manager.records.consumed.total";

  private final String topic = Topics.create(KAFKA, "metered", 2);
  private final String group = Topics.uniqueName("group");

  @Test
  void shouldFollowAConsumerFromItsStartToItsEnd() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    SafeConsumer<String, String> consumer = consumer("classic");
    SafeConsumerMetrics metrics = SafeConsumerMetrics.of(consumer).withKafkaMetrics();
    metrics.bindTo(registry);
    assertThat(value(registry, "safeconsumer.state", "state", "new")).isEqualTo(1);

    consumer.start().get(30, SECONDS);
    Clients.fill(KAFKA, topic, 2, 50);
    await(registry, 50, "safeconsumer.records.handled");
    await(registry, 2, "safeconsumer.partitions");
    await(registry, 0, "safeconsumer.lag.unknown", "topic", topic);
    await(registry, 0, "safeconsumer.lag", "topic", topic);
    await(registry, 0, "safeconsumer.age", "topic", topic);
    await(registry, 0, "safeconsumer.partition.lag", "topic", topic, "partition", "1");
    await(registry, 50, FETCHED);
    Awaitility.await().atMost(SOON).until(() -> value(registry, "safeconsumer.commits") > 0);
    await(registry, 1, "safeconsumer.health", "probe", "readiness");

    Clients.produce(KAFKA, topic, "bad");
    await(registry, 1, "safeconsumer.blocked", "topic", topic);
    await(registry, 1, "safeconsumer.cause", "code", "BLOCKED_RECORD");
    await(registry, 1, "safeconsumer.lag", "topic", topic);
    await(registry, 0, "safeconsumer.health", "probe", "readiness");
    consumer.resolve(new TopicPartition(topic, 0), 25, FailureAction.SKIP).get(30, SECONDS);
    await(registry, 0, "safeconsumer.blocked", "topic", topic);
    await(registry, 0, "safeconsumer.lag", "topic", topic);
    await(registry, 1, "safeconsumer.records.skipped");

    consumer.suspend().get(30, SECONDS);
    await(registry, 1, "safeconsumer.state", "state", "suspended");
    Awaitility.await().atMost(SOON).until(() -> registry.find(FETCHED).meter() == null);
    assertThat(registry.find("safeconsumer.partition.lag").meter()).isNull();

    consumer.resume().get(30, SECONDS);
    Clients.fill(KAFKA, topic, 2, 4);
    await(registry, 54, "safeconsumer.records.handled");
    await(registry, 4, FETCHED); // another client, in the same series

    consumer.close();
    await(registry, 1, "safeconsumer.state", "state", "closed");
    assertThat(value(registry, "safeconsumer.records.handled")).isEqualTo(54);
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void shouldFindEverythingInAScrapeThatTheDashboardAndTheRulesAskFor(String protocol)
      throws Exception {
    Scrape scrape = scrapeOfAWorkingConsumer(protocol);
    List<Asked> dashboard = GrafanaFiles.ofDashboard();
    List<Asked> rules = GrafanaFiles.ofRules();

    assertThat(dashboard).isNotEmpty().flatExtracting(one -> one.complaints(scrape)).isEmpty();
    assertThat(rules).isNotEmpty().flatExtracting(one -> one.complaints(scrape)).isEmpty();
    assertThat(Asked.metrics(dashboard))
        .anyMatch(metric -> metric.startsWith("safeconsumer_kafka_"))
        .hasSizeGreaterThan(Figure.values().length - 10);
  }

  static List<String> protocols() {
    return GroupProtocol.names();
  }

  private Scrape scrapeOfAWorkingConsumer(String protocol) throws Exception {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Clients.fill(KAFKA, topic, 2, 10);
    try (SafeConsumer<String, String> consumer = consumer(protocol)) {
      SafeConsumerMetrics.of(consumer).withKafkaMetrics().bindTo(registry);
      consumer.start().get(30, SECONDS);
      Awaitility.await()
          .atMost(SOON)
          .until(
              () ->
                  registry.scrape().contains("safeconsumer_handler_latency_seconds{")
                      && registry.scrape().contains("safeconsumer_partition_lag_records{"));
      return Scrape.of(registry.scrape());
    }
  }

  private SafeConsumer<String, String> consumer(String protocol) {
    return Consumers.strings(
            KAFKA,
            group,
            topic,
            RecordHandler.of(
                (record, context) -> {
                  if (record.value().equals("bad")) {
                    throw new NonRetryableException("bad one");
                  }
                }))
        .kafka("group.protocol", protocol)
        .circuitBreaker(CircuitBreakerPolicy.defaults())
        .build();
  }

  private static void await(MeterRegistry registry, double wanted, String name, String... tags) {
    Awaitility.await(name)
        .atMost(SOON)
        .untilAsserted(() -> assertThat(value(registry, name, tags)).isEqualTo(wanted));
  }

  /** NaN while there is no such meter. */
  private static double value(MeterRegistry registry, String name, String... tags) {
    var meter = registry.find(name).tags(tags).meter();
    return meter == null ? Double.NaN : meter.measure().iterator().next().getValue();
  }
}
