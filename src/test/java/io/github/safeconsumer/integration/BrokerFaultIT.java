package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.State;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.CommitWatch;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Brokers that die, hang and move: nothing is lost, nothing is committed that was not done, and the
 * consumer goes on by itself.
 */
class BrokerFaultIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int PARTITIONS = 4;

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#names")
  void shouldLoseNothingWhenTheBrokerIsKilledInMidRun(String protocol) throws Exception {
    int records = 12_000;
    try (LocalKafka kafka = LocalKafka.start(1)) {
      Run run = new Run(kafka, protocol, records);
      try (run.watch;
          run.consumer) {
        run.consumer.start().get(60, SECONDS);
        await().atMost(SOON).until(() -> run.journal.distinct() > records / 4);
        long committedAtKill = run.watch.committed();
        kafka.kill(0);
        long died = System.nanoTime();
        kafka.restart(0);
        long restarted = System.nanoTime();
        await().atMost(SOON).until(() -> run.watch.committed() > committedAtKill);
        long resumed = System.nanoTime();
        long doneAtResume = run.journal.distinct();

        run.awaitAll();
        assertThat(run.journal.duplicates())
            .as("no more than what was done and not committed while the broker was away")
            .isLessThanOrEqualTo(doneAtResume - committedAtKill + PARTITIONS);
        System.out.printf(
            "FIGURES kill -9 of the broker, %s: %d records, 0 lost, %d duplicates, broker away %.1f s,"
                + " commits again %.1f s after its restart, %d client restarts, %s%n",
            protocol,
            records,
            run.journal.duplicates(),
            (restarted - died) / 1e9,
            (resumed - restarted) / 1e9,
            run.consumer.status().restarts(),
            run.watch.samples());
      }
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldGoOnWhenTheBrokerHangsForFiveSeconds() throws Exception {
    int records = 6_000;
    try (LocalKafka kafka = LocalKafka.start(1)) {
      Run run = new Run(kafka, "classic", records);
      try (run.watch;
          run.consumer) {
        run.consumer.start().get(60, SECONDS);
        await().atMost(SOON).until(() -> run.journal.distinct() > records / 4);
        kafka.freeze(0);
        long frozen = System.nanoTime();
        await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> System.nanoTime() - frozen > SECONDS.toNanos(5));
        kafka.thaw(0);

        run.awaitAll();
        assertThat(run.journal.duplicates()).as("the membership was never lost").isZero();
        assertThat(run.consumer.status().restarts()).isZero();
      }
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldFollowTheLeaderWhenOneOfThreeNodesDies() throws Exception {
    int records = 6_000;
    try (LocalKafka kafka = LocalKafka.start(3);
        Operator operator = new Operator(kafka.bootstrapServers())) {
      Run run = new Run(kafka, "classic", records);
      try (run.watch;
          run.consumer) {
        run.consumer.start().get(60, SECONDS);
        await().atMost(SOON).until(() -> run.journal.distinct() > records / 4);
        TopicPartition first = new TopicPartition(run.topic, 0);
        int leader = operator.leader(first);
        run.watch.coordinatorMoves();
        for (int node = 0; node < 3; node++) {
          if (kafka.brokerId(node) == leader) {
            kafka.kill(node);
          }
        }

        run.awaitAll();
        assertThat(operator.leader(first)).isNotEqualTo(leader);
      }
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(strings = {"none", "topic"})
  void shouldWaitForBrokersThatAreAwayAtTheStartAndSayWhy(String deadLetter) throws Exception {
    try (LocalKafka kafka = LocalKafka.start(1)) {
      String topic = Topics.create(kafka.bootstrapServers(), "away", 1);
      String dlt = Topics.create(kafka.bootstrapServers(), "away-dlt", 1);
      Clients.produce(kafka.bootstrapServers(), topic, "a", "b");
      kafka.kill(0);
      Journal<String> journal = Journal.noOp();
      try (SafeConsumer<String, String> consumer =
          Consumers.strings(kafka.bootstrapServers(), Topics.uniqueName("group"), topic, journal)
              .deadLetter(
                  deadLetter.equals("none")
                      ? DeadLetterPolicy.none()
                      : DeadLetterPolicy.toTopic(dlt))
              .build()) {
        CompletableFuture<Outcome> start = consumer.start();
        await()
            .atMost(SOON)
            .untilAsserted(
                () ->
                    assertThat(String.join("; ", consumer.health().reasons()))
                        .contains("bootstrap.servers"));
        assertThat(consumer.health().readiness()).isEqualTo(Health.Level.DOWN);
        assertThat(consumer.health().liveness()).isEqualTo(Health.Level.UP);
        assertThat(consumer.status().state()).isEqualTo(State.STARTING);
        assertThat(start).isNotDone();

        kafka.restart(0);
        assertThat(start.get(60, SECONDS).applied()).isTrue();
        await().atMost(SOON).until(() -> journal.distinct() == 2);
        await().atMost(SOON).until(() -> consumer.health().readiness() == Health.Level.UP);
      }
    }
  }

  /** A consumer in the middle of its work, watched. */
  private static final class Run {
    final String topic;
    final String group = Topics.uniqueName("group");
    final int records;
    final Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              boolean slow = record.offset() % 500 == 250; // long enough for a sample to see it
              LockSupport.parkNanos(slow ? 200_000_000 : 1_000_000);
            });
    final CommitWatch watch;
    final SafeConsumer<String, String> consumer;

    Run(LocalKafka kafka, String protocol, int records) throws Exception {
      this.records = records;
      this.topic = Topics.create(kafka.bootstrapServers(), "faults", PARTITIONS);
      List<Future<?>> sent = new ArrayList<>();
      try (Producer<String, String> producer = Clients.producer(kafka.bootstrapServers())) {
        for (int i = 0; i < records; i++) {
          sent.add(producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, "v" + i)));
        }
        for (Future<?> one : sent) {
          one.get(60, SECONDS);
        }
      }
      this.watch = new CommitWatch(kafka.bootstrapServers(), group, journal);
      this.consumer =
          Consumers.strings(kafka.bootstrapServers(), group, topic, journal)
              .kafka("group.protocol", protocol)
              .concurrency(PARTITIONS)
              .build();
    }

    void awaitAll() {
      await().atMost(SOON).until(() -> journal.distinct() == records);
      await().atMost(SOON).until(() -> watch.committed() == records);
      assertThat(watch.violations()).as("commits against what was done").isEmpty();
      assertThat(journal.overlaps()).isEmpty();
      assertThat(watch.samples()).doesNotStartWith("0 ");
    }
  }
}
