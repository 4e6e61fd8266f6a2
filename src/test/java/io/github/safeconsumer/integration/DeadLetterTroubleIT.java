package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A dead-letter topic that changes under a running consumer, and is mended. */
class DeadLetterTroubleIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KAFKA = SharedKafka.bootstrapServers();

  private final String group = Topics.uniqueName("group");
  private final Journal<String> journal =
      new Journal<>(
          (record, context) -> {
            if (record.value().startsWith("bad")) {
              throw deep(30);
            }
          });

  /** A stack that is longer than all the rest of its letter. */
  private static NonRetryableException deep(int frames) {
    return frames == 0 ? new NonRetryableException("bad one") : deep(frames - 1);
  }

  private SafeConsumer<String, String> consumer(String servers, String source, String dead) {
    return Consumers.strings(servers, group, source, journal)
        .deadLetter(
            DeadLetterPolicy.toTopic(dead)
                .producer(
                    Map.of(
                        "delivery.timeout.ms", "2000",
                        "request.timeout.ms", "1000",
                        "compression.type", "none",
                        "linger.ms", "0")))
        .build();
  }

  private static void set(String topic, String name, String value) throws Exception {
    try (Admin admin = Clients.admin(KAFKA)) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      admin
          .incrementalAlterConfigs(
              Map.of(
                  resource,
                  List.of(
                      new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
      await()
          .atMost(SOON)
          .until(
              () ->
                  admin
                      .describeConfigs(List.of(resource))
                      .all()
                      .get()
                      .get(resource)
                      .get(name)
                      .value()
                      .equals(value));
    }
  }

  /** What comes closest to a topic that is full: it is there, and takes nothing. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldHoldOnlyTheLaneWhileTheTopicHasTooFewReplicasInSync() throws Exception {
    try (LocalKafka three = LocalKafka.start(3)) {
      String servers = three.bootstrapServers();
      String source = Topics.create(servers, "troubled", 2);
      String dead = Topics.create(servers, "dlt", 1, Map.of("min.insync.replicas", "3"));
      TopicPartition held = new TopicPartition(source, 0);
      TopicPartition other = new TopicPartition(source, 1);
      try (Operator operator = new Operator(servers);
          SafeConsumer<String, String> consumer = consumer(servers, source, dead)) {
        consumer.start().get(60, SECONDS);
        three.kill(2);
        Clients.produce(servers, source, "bad", "behind");
        await()
            .atMost(SOON)
            .untilAsserted(
                () ->
                    assertThat(String.join("; ", consumer.health().reasons()))
                        .contains("dead-letter topic cannot be written"));
        try (Producer<String, String> producer = Clients.producer(servers)) {
          producer.send(new ProducerRecord<>(source, 1, "k", "good")).get(30, SECONDS);
        }
        await().atMost(SOON).until(() -> operator.committed(group, other) == 1);
        assertThat(consumer.health().liveness()).isEqualTo(Health.Level.UP);
        assertThat(operator.committed(group, held)).isLessThanOrEqualTo(0);

        three.restart(2);
        await().atMost(SOON).until(() -> operator.committed(group, held) == 2);
        await().atMost(SOON).until(() -> consumer.health().readiness() == Health.Level.UP);
      }
      assertThat(journal.started()).filteredOn(e -> e.value().equals("bad")).hasSize(1);
      assertThat(Clients.read(servers, dead, 1)).extracting("value").contains("bad");
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldDeliverToATopicThatBecameCompactedOrSmallWhileItRan() throws Exception {
    String topic = Topics.create(KAFKA, "troubled", 2);
    String letters = Topics.create(KAFKA, "troubled-dlt", 1);
    try (Operator operator = new Operator(KAFKA);
        SafeConsumer<String, String> consumer = consumer(KAFKA, topic, letters)) {
      consumer.start().get(30, SECONDS);
      set(letters, "cleanup.policy", "compact");
      set(letters, "max.message.bytes", "2500");
      Clients.produce(KAFKA, topic, "bad without a key", "good");

      await()
          .atMost(SOON)
          .until(() -> operator.committed(group, new TopicPartition(topic, 0)) == 2);
      assertThat(consumer.health().readiness()).isEqualTo(Health.Level.UP);
    }
    assertThat(journal.started()).hasSize(2);
    try (DeadLetters dead = DeadLetters.open(Map.of("bootstrap.servers", KAFKA), letters)) {
      var entry = dead.find(0, 0).orElseThrow();
      assertThat(entry.letter().key()).isNull();
      assertThat(entry.letter().truncated()).containsKey("stack");
      assertThat(new String(entry.letter().value(), java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo("bad without a key");
    }
  }
}
