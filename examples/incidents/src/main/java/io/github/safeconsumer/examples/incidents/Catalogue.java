package io.github.safeconsumer.examples.incidents;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All incidents. */
final class Catalogue {
  private static final int MEMBERS_THAT_PASS = 6;

  private Catalogue() {}

  static List<Incident> all() {
    List<Incident> all = new ArrayList<>();
    all.add(
        new Incident(
            "bad record, no dead letters",
            "BLOCKED_RECORD",
            "BLOCKED_RECORD",
            true,
            Catalogue::held));
    all.add(
        new Incident(
            "record tried again and again",
            "BLOCKED_RETRYING",
            "BLOCKED_RETRYING",
            false,
            Catalogue::retrying));
    all.add(
        new Incident(
            "dead-letter topic deleted",
            "BLOCKED_DEAD_LETTER",
            "BLOCKED_RECORD",
            true,
            Catalogue::deadLetterTopicDeleted));
    all.add(
        new Incident("handler hangs", "BLOCKED_HUNG", "BLOCKED_PARTITION", true, Catalogue::hung));
    all.add(
        new Incident(
            "downstream away", "BLOCKED_BREAKER", "BLOCKED_PARTITION", true, Catalogue::outage));
    all.add(
        new Incident(
            "every record fails (bad deploy)",
            "BLOCKED_FLOOD",
            "BLOCKED_PARTITION",
            true,
            Catalogue::flood));
    all.add(
        new Incident(
            "paused and forgotten",
            "BLOCKED_PAUSED",
            "BLOCKED_PARTITION",
            true,
            Catalogue::paused));
    all.add(new Incident("evicted", "FROZEN_EVICTED", "", false, Catalogue::evicted));
    all.add(
        new Incident(
            "members come and go",
            "FROZEN_REBALANCES",
            "FROZEN_REBALANCES",
            false,
            Catalogue::rebalances));
    all.add(
        new Incident(
            "too few workers",
            "PARALLELISM_WORKERS",
            "PARALLELISM_WORKERS",
            false,
            Catalogue::tooFewWorkers));
    all.add(
        new Incident(
            "faster than order allows",
            "PRODUCER_FASTER",
            "PARALLELISM_WORKERS",
            false,
            Catalogue::producerFaster));
    all.add(
        new Incident(
            "one hot partition",
            "PARALLELISM_HOT_PARTITION",
            "PARALLELISM_HOT_PARTITION",
            false,
            Catalogue::hotPartition));
    all.add(
        new Incident(
            "one hot key", "PARALLELISM_HOT_KEY", "PARALLELISM_WORKERS", false, Catalogue::hotKey));
    all.add(
        new Incident(
            "records about to expire",
            "RETENTION_RISK",
            "RETENTION_RISK",
            true,
            Catalogue::retention));
    all.add(new Incident("brokers away", "BROKER_TROUBLE", "", true, Catalogue::brokersAway));
    all.add(new Incident("broker frozen", "BROKER_TROUBLE", "", true, Catalogue::brokerFrozen));
    all.add(new Incident("nobody is left", "CLOSED", "NO_MEMBERS", true, Catalogue::closed));
    return List.copyOf(all);
  }

  private static RecordHandler<String, String> nothing() {
    return RecordHandler.of((record, context) -> {});
  }

  private static RecordHandler<String, String> taking(Duration time) {
    return RecordHandler.of(
        (record, context) -> TimeUnit.NANOSECONDS.sleep(time.toNanos())); // the work
  }

  private static RecordHandler<String, String> failing(Stage stage) {
    return RecordHandler.of(
        (record, context) -> {
          stage.begins();
          throw new NonRetryableException("no such customer");
        });
  }

  private static void held(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 1, Map.of());
    stage.start(stage.builder(failing(stage)));
    stage.send("a", "bad");
    stage.send("a", "good");
  }

  private static void retrying(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 1, Map.of());
    stage.start(
        stage
            .builder(
                RecordHandler.of(
                    (record, context) -> {
                      stage.begins();
                      throw new IllegalStateException("not now");
                    }))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(100)));
    stage.send("a", "bad");
    stage.send("a", "good");
  }

  private static void deadLetterTopicDeleted(Stage stage) throws Exception {
    String letters = stage.topic() + ".dlt";
    stage.createTopic(stage.topic(), 1, Map.of());
    stage.createTopic(letters, 1, Map.of());
    stage.start(
        stage
            .builder(failing(stage))
            .deadLetter(
                DeadLetterPolicy.toTopic(letters)
                    .producer(
                        Map.of(
                            "delivery.timeout.ms",
                            3000,
                            "request.timeout.ms",
                            1000,
                            "max.block.ms",
                            2000))));
    stage.admin().deleteTopics(List.of(letters)).all().get(30, TimeUnit.SECONDS);
    stage.send("a", "bad");
    stage.send("a", "good");
  }

  private static void hung(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 1, Map.of());
    stage.start(
        stage
            .builder(
                RecordHandler.of(
                    (record, context) -> {
                      stage.begins();
                      while (!stage.isOver()) {
                        try {
                          stage.awaitTheEnd(); // as a call without a time-out does
                        } catch (InterruptedException ignored) {
                          Thread.interrupted();
                        }
                      }
                    }))
            .handlerTimeout(Duration.ofSeconds(2)));
    stage.send("a", "bad");
    stage.send("a", "good");
  }

  private static void outage(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 1, Map.of());
    stage.start(
        stage
            .builder(
                RecordHandler.of(
                    (record, context) -> {
                      stage.begins();
                      throw new IOException("connection refused");
                    }))
            .retry(RetryPolicy.fixed(Duration.ofMillis(500)))
            .circuitBreaker(CircuitBreakerPolicy.defaults()));
    stage.send("a", "good");
    stage.send("a", "good");
  }

  private static void flood(Stage stage) throws Exception {
    String letters = stage.topic() + ".dlt";
    stage.createTopic(stage.topic(), 1, Map.of());
    stage.createTopic(letters, 1, Map.of());
    stage.start(
        stage.builder(failing(stage)).deadLetter(DeadLetterPolicy.toTopic(letters).floodLimit(10)));
    for (int i = 0; i < 50; i++) {
      stage.send("a", "good");
    }
  }

  private static void paused(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 1, Map.of());
    stage.start(stage.builder(nothing()));
    stage.send("a", "first");
    stage.consumer().orElseThrow().pause().get(30, TimeUnit.SECONDS);
    stage.begins();
    stage.send("a", "second");
  }

  /** The broker forgets the member, as it does with one that was away for too long. */
  private static void evicted(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 2, Map.of());
    stage.start(stage.builder(nothing()));
    stage.begins();
    stage
        .admin()
        .removeMembersFromConsumerGroup(stage.group(), new RemoveMembersFromConsumerGroupOptions())
        .all()
        .get(30, TimeUnit.SECONDS);
  }

  private static void rebalances(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 4, Map.of());
    stage.start(stage.builder(nothing()));
    stage.begins();
    stage.beside(
        () -> {
          for (int i = 0; i < 10 * MEMBERS_THAT_PASS && !stage.isOver(); i++) {
            Map<String, Object> kafka = stage.kafka();
            kafka.put("client.id", "passer-by");
            try (KafkaConsumer<String, String> member =
                new KafkaConsumer<>(kafka, new StringDeserializer(), new StringDeserializer())) {
              member.subscribe(List.of(stage.topic()));
              while (member.assignment().isEmpty() && !stage.isOver()) {
                member.poll(Duration.ofMillis(100));
              }
            }
          }
        });
  }

  private static void tooFewWorkers(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 4, Map.of());
    stage.start(stage.builder(taking(Duration.ofMillis(20))).ordering(Ordering.KEY).concurrency(2));
    stage.begins();
    stage.produce(400, number -> new ProducerRecord<>(stage.topic(), "key-" + number, "good"));
  }

  private static void producerFaster(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 2, Map.of());
    stage.start(stage.builder(taking(Duration.ofMillis(20))).concurrency(4));
    stage.begins();
    stage.produce(400, number -> new ProducerRecord<>(stage.topic(), "key-" + number, "good"));
  }

  private static void hotPartition(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 3, Map.of());
    stage.start(stage.builder(taking(Duration.ofMillis(10))).concurrency(3));
    stage.begins();
    stage.produce(
        400,
        number ->
            new ProducerRecord<>(
                stage.topic(), number % 20 == 0 ? (int) (number / 20 % 3) : 1, "key", "good"));
  }

  private static void hotKey(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 1, Map.of());
    stage.start(stage.builder(taking(Duration.ofMillis(10))).ordering(Ordering.KEY).concurrency(4));
    stage.begins();
    stage.produce(
        400,
        number ->
            new ProducerRecord<>(
                stage.topic(), number % 20 == 0 ? "key-" + number : "whale", "good"));
  }

  private static void retention(Stage stage) throws Exception {
    Duration kept = Duration.ofHours(10);
    stage.createTopic(stage.topic(), 1, Map.of("retention.ms", String.valueOf(kept.toMillis())));
    stage.start(stage.builder(failing(stage)));
    long old = System.currentTimeMillis() - kept.multipliedBy(9).dividedBy(10).toMillis();
    stage.send(new ProducerRecord<>(stage.topic(), 0, old, "a", "bad"));
    stage.send("a", "good");
  }

  private static void brokersAway(Stage stage) throws Exception {
    onItsOwnBroker(stage);
    stage.begins();
    stage.broker().kill(0);
  }

  private static void brokerFrozen(Stage stage) throws Exception {
    onItsOwnBroker(stage);
    stage.begins();
    stage.broker().freeze(0);
  }

  private static void onItsOwnBroker(Stage stage) throws Exception {
    stage.useItsOwnBroker();
    stage.createTopic(stage.topic(), 1, Map.of());
    stage.start(stage.builder(nothing())); // idle: no commit is due that could fail
  }

  private static void closed(Stage stage) throws Exception {
    stage.createTopic(stage.topic(), 1, Map.of());
    stage.start(stage.builder(nothing()));
    stage.send("a", "first");
    stage.consumer().orElseThrow().close(Duration.ofSeconds(10));
    stage.begins();
    stage.send("a", "second");
  }
}
