package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What must hold on any broker, wherever it runs. Subclasses say where. */
abstract class CoreScenarios {
  private static final Duration SOON = Duration.ofSeconds(30);

  abstract String bootstrapServers();

  @Test
  void shouldHandleEveryRecordOnceInOrderAndCommitItAll() throws Exception {
    String topic = Topics.create(bootstrapServers(), "core", 4);
    produce(topic, 4, 2000);
    String group = Topics.uniqueName("group");
    Journal<String> journal = Journal.noOp();

    try (Admin admin = Clients.admin(bootstrapServers());
        SafeConsumer<String, String> consumer =
            Consumers.strings(bootstrapServers(), group, topic, journal).concurrency(4).build()) {
      assertThat(consumer.start().get(30, TimeUnit.SECONDS).result())
          .isEqualTo(Outcome.Result.APPLIED);
      await().atMost(SOON).until(() -> journal.finished().size() >= 2000);
      await()
          .atMost(SOON)
          .until(
              () ->
                  Consumers.committed(admin, group).values().stream().mapToLong(v -> v).sum()
                      == 2000);

      assertThat(consumer.health())
          .isEqualTo(new Health(Health.Level.UP, Health.Level.UP, List.of()));
      CloseReport report = consumer.close(Duration.ofSeconds(10));
      assertThat(report.clean()).as(report.toString()).isTrue();
      assertThat(consumer.status().state()).isEqualTo(State.CLOSED);
    }
    assertThat(journal.duplicates()).isZero();
    assertThat(journal.overlaps()).isEmpty();
    for (int p = 0; p < 4; p++) {
      TopicPartition partition = new TopicPartition(topic, p);
      assertThat(
              journal.finished().stream()
                  .filter(e -> e.partition().equals(partition))
                  .map(Journal.Entry::offset))
          .isSorted()
          .hasSize(500);
    }
  }

  @Test
  void shouldRetryThenBuryWithoutHoldingOtherPartitions() throws Exception {
    String topic = Topics.create(bootstrapServers(), "bury", 2);
    String dlt = Topics.create(bootstrapServers(), "bury-dlt", 1);
    produce(topic, 2, 20);
    String group = Topics.uniqueName("group");
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.value().equals("v4")) {
                throw new IllegalStateException("always");
              }
              if (record.value().equals("v6") && context.attempt() < 3) {
                throw new IllegalStateException("twice");
              }
              if (record.value().equals("v8")) {
                throw new NonRetryableException("never");
              }
            });

    try (Admin admin = Clients.admin(bootstrapServers());
        SafeConsumer<String, String> consumer =
            Consumers.strings(bootstrapServers(), group, topic, journal)
                .deadLetter(DeadLetterPolicy.toTopic(dlt))
                .concurrency(2)
                .build()) {
      assertThat(consumer.start().get(30, TimeUnit.SECONDS).applied()).isTrue();
      await()
          .atMost(SOON)
          .until(
              () ->
                  Consumers.committed(admin, group).values().stream().mapToLong(v -> v).sum()
                      == 20);
      assertThat(consumer.status().deadLettered()).isEqualTo(2);
    }
    assertThat(Clients.read(bootstrapServers(), dlt, 2))
        .extracting("value")
        .containsExactly("v4", "v8");
    assertThat(journal.started()).filteredOn(e -> e.value().equals("v4")).hasSize(3);
    assertThat(journal.started()).filteredOn(e -> e.value().equals("v6")).hasSize(3);
    assertThat(journal.started()).filteredOn(e -> e.value().equals("v8")).hasSize(1);
    assertThat(journal.distinct()).isEqualTo(18);
  }

  @Test
  void shouldNameTheRecordInTheMdcWhileItIsHandled() throws Exception {
    String topic = Topics.create(bootstrapServers(), "mdc", 1);
    produce(topic, 1, 2);
    String group = Topics.uniqueName("group");
    Queue<Map<String, String>> seen = new ConcurrentLinkedQueue<>();
    RecordHandler<String, String> handler =
        RecordHandler.of(
            (record, context) -> {
              seen.add(MDC.getCopyOfContextMap());
              if (record.offset() == 0 && context.attempt() == 1) {
                throw new IllegalStateException("once");
              }
            });

    try (SafeConsumer<String, String> consumer =
        Consumers.strings(bootstrapServers(), group, topic, handler).build()) {
      consumer.start();
      await().atMost(SOON).until(() -> seen.size() == 3);
    }
    assertThat(seen)
        .containsExactly(mdc(group, topic, 0, 1), mdc(group, topic, 0, 2), mdc(group, topic, 1, 1));
  }

  private static Map<String, String> mdc(String group, String topic, long offset, int attempt) {
    return Map.of(
        "kafka.group",
        group,
        "kafka.topic",
        topic,
        "kafka.partition",
        "0",
        "kafka.offset",
        Long.toString(offset),
        "kafka.attempt",
        Integer.toString(attempt));
  }

  @Test
  void shouldStartNoRecordBetweenPauseAppliedAndResume() throws Exception {
    String topic = Topics.create(bootstrapServers(), "pause", 2);
    produce(topic, 2, 20_000);
    String group = Topics.uniqueName("group");
    Journal<String> journal = Journal.noOp();

    try (SafeConsumer<String, String> consumer =
        Consumers.strings(bootstrapServers(), group, topic, journal).concurrency(2).build()) {
      consumer.start().get(30, TimeUnit.SECONDS);
      for (int i = 0; i < 20; i++) {
        assertThat(consumer.pause().get(5, TimeUnit.SECONDS).applied()).isTrue();
        assertThat(consumer.status().state()).isEqualTo(State.PAUSED);
        // What had started before runs to its end; from then on the journal stands still.
        await()
            .atMost(SOON)
            .until(
                () ->
                    consumer.status().partitions().stream()
                        .noneMatch(partition -> partition.inFlight() > 0));
        int before = journal.started().size();
        await().during(Duration.ofMillis(20)).until(() -> journal.started().size() == before);
        assertThat(consumer.resume().get(5, TimeUnit.SECONDS).applied()).isTrue();
      }
      await().atMost(SOON).until(() -> journal.finished().size() >= 20_000);
    }
    assertThat(journal.duplicates()).isZero();
  }

  private void produce(String topic, int partitions, int records) throws Exception {
    try (Producer<String, String> producer = Clients.producer(bootstrapServers())) {
      for (int i : IntStream.range(0, records).toArray()) {
        producer.send(new ProducerRecord<>(topic, i % partitions, "k" + i, "v" + i));
      }
      producer.flush();
    }
  }
}
