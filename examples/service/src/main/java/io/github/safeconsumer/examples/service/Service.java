package io.github.safeconsumer.examples.service;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.State;
import io.github.safeconsumer.micrometer.SafeConsumerMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A service for a container. SIGTERM closes the consumer by its shutdown hook: no further record
 * starts, running ones end, what is done is committed, the group is left; all of it within 25 s. It
 * exits with 143 then, as every JVM does that was asked to end; with 1 when the consumer failed,
 * with 78 for settings that cannot work.
 */
public final class Service {
  private static final int FAILED = 1;
  private static final int CONFIGURATION = 78;

  private Service() {}

  /** The work; yours goes here. */
  private static RecordHandler<String, String> work() {
    return RecordHandler.of(
        (record, context) ->
            System.out.println("handled " + record.topic() + "@" + record.offset()));
  }

  static SafeConsumer<String, String> consumer(
      Environment environment, RecordHandler<String, String> handler) {
    return SafeConsumer.<String, String>builder()
        .kafka(environment.kafka())
        .topics(environment.topic())
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .ordering(Ordering.KEY)
        .concurrency(environment.concurrency())
        .handlerTimeout(Duration.ofMinutes(1))
        .deadLetter(DeadLetterPolicy.suffix(".dlt"))
        .handler(handler)
        .build();
  }

  public static void main(String[] arguments) throws Exception {
    SafeConsumer<String, String> consumer;
    Environment environment;
    try {
      environment = Environment.read(System.getenv());
      consumer = consumer(environment, work());
    } catch (ConfigurationException wrong) {
      wrong.findings().forEach(System.err::println);
      System.exit(CONFIGURATION);
      return;
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(CONFIGURATION);
      return;
    }
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    SafeConsumerMetrics.of(consumer).bindTo(registry);
    try (Probes probes = Probes.start(environment.port(), consumer, registry)) {
      System.out.println("probes at port " + probes.port());
      consumer.start();
      CloseReport end = consumer.closed().join();
      end.stillRunning().forEach(one -> System.err.println("did not end: " + one));
      if (end.state() == State.FAILED) {
        end.failure().ifPresent(failure -> System.err.println("failed: " + failure));
        System.exit(FAILED); // the orchestrator starts it again
      }
    }
  }
}
