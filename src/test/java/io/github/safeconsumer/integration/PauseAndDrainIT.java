package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Door;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A drained consumer is at rest, and the brokers know all that it did. */
@Timeout(120)
class PauseAndDrainIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PARTITIONS = 4;
  private static final String EACH = "io.github.safeconsumer.support.GroupProtocol#each";

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "drain", PARTITIONS);

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldHaveNoHandlerInsideAndAllThatIsDoneCommittedThoughARecordWaitsForItsRetry(
      GroupProtocol protocol) throws Exception {
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.partition() == 0 && record.offset() == 5 && context.attempt() == 1) {
                throw new IllegalStateException("tried again in a minute");
              }
              Work.lasting(Duration.ofMillis(10));
            });
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer = consumer(journal, protocol)) {
      consumer.settings().retry = RetryPolicy.fixed(Duration.ofMinutes(1)).maxAttempts(3);
      Clients.fill(brokers, topic, PARTITIONS, 1_200);
      consumer.join();
      await().atMost(SOON).until(() -> consumer.status().attemptsFailed() == 1);
      for (int round = 0; round < 10; round++) {
        int from = journal.finished().size();
        await().atMost(SOON).until(() -> journal.finished().size() > from + 8);
        Outcome outcome = consumer.commands().pauseAndDrain().get(30, SECONDS);
        int started = journal.started().size();

        assertThat(outcome.applied()).as(outcome.toString()).isTrue();
        assertThat(journal.finished()).as("all but the one that failed").hasSize(started - 1);
        assertThat(Consumers.committedInAll(admin, group)).isEqualTo(started - 1);
        assertThat(journal.started()).as("records started while drained").hasSize(started);
        consumer.resume();
      }
    }
    assertThat(journal.duplicates()).isZero();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldNameWhatStillRunsAndStayPaused(GroupProtocol protocol) throws Exception {
    Door door = new Door();
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.partition() == 2 && record.offset() == 1) {
                door.pass();
              }
            });
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer =
            consumer(journal, protocol).drainTimeout(Duration.ofMillis(200))) {
      Clients.fill(brokers, topic, PARTITIONS, 40);
      consumer.join();
      await().atMost(SOON).until(() -> journal.finished().size() == 31);
      CompletableFuture<Outcome> answer = consumer.commands().pauseAndDrain();
      Outcome outcome = answer.get(30, SECONDS);

      assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
      assertThat(outcome.reason()).contains(topic + "-2@1").contains("worker");
      assertThat(consumer.status().state()).isEqualTo(State.PAUSED);
      door.open();
      consumer.pauseAndDrain();
      assertThat(journal.finished()).as("it ended, and none followed").hasSize(32);
      assertThat(Consumers.committedInAll(admin, group)).isEqualTo(32);
      consumer.resume();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 40);
    } finally {
      door.open();
    }
    assertThat(journal.duplicates()).isZero();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldRefuseToWaitForItselfInsideAHandlerAndTellItLater() throws Exception {
    AtomicReference<WatchedConsumer> self = new AtomicReference<>();
    AtomicReference<Throwable> refused = new AtomicReference<>();
    CompletableFuture<Integer> finishedWhenDrained = new CompletableFuture<>();
    AtomicReference<Journal<String>> written = new AtomicReference<>();
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.partition() == 0 && record.offset() == 3) {
                CompletableFuture<Outcome> drained = self.get().commands().pauseAndDrain();
                drained.whenComplete(
                    (outcome, failure) ->
                        finishedWhenDrained.complete(written.get().finished().size()));
                try {
                  drained.join();
                } catch (IllegalStateException e) {
                  refused.set(e);
                }
                Work.lasting(Duration.ofMillis(100));
              }
            });
    written.set(journal);
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer = consumer(journal, GroupProtocol.EAGER)) {
      self.set(consumer);
      Clients.fill(brokers, topic, PARTITIONS, 400);
      consumer.join();
      int finished = finishedWhenDrained.get(30, SECONDS);

      assertThat(refused.get()).hasMessageContaining("wait for itself");
      assertThat(journal.started()).as("the handler that asked included").hasSize(finished);
      assertThat(Consumers.committedInAll(admin, group)).isEqualTo(finished);
      consumer.resume();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 400);
    }
    assertThat(journal.duplicates()).isZero();
  }

  private WatchedConsumer consumer(Journal<String> journal, GroupProtocol protocol) {
    return new WatchedConsumer(brokers, group, journal, topic)
        .with(protocol.settings(0))
        .concurrency(PARTITIONS);
  }
}
