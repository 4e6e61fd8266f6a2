package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.State;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.MemberWatch;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Threads;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Suspends at the wrong moment: without a broker, and crossed by everything else. */
@Timeout(180)
class SuspendFaultIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int PARTITIONS = 4;
  private static final int THREADS = 3;
  private static final int LONGEST_PAUSE_MILLIS = 400;
  private static final int COMMANDS = Boolean.getBoolean("safeconsumer.long") ? 3_000 : 102;

  private final String group = Topics.uniqueName("group");

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldEndAllItsThreadsThoughNoBrokerAnswersAndGoOnWhenItIsBack() throws Exception {
    Journal<String> journal =
        new Journal<>((record, context) -> Work.lasting(Duration.ofMillis(20)));
    String name = Topics.uniqueName("outage");
    try (LocalKafka own = LocalKafka.start(1)) {
      String brokers = own.bootstrapServers();
      String topic = Topics.create(brokers, "outage", PARTITIONS);
      Clients.fill(brokers, topic, PARTITIONS, 800);
      try (Admin admin = Clients.admin(brokers);
          WatchedConsumer consumer =
              new WatchedConsumer(brokers, group, journal, topic)
                  .with("heartbeat.interval.ms", 1_000)
                  .with("session.timeout.ms", 6_000) // until the group forgets who could not leave
                  .concurrency(PARTITIONS)
                  .drainTimeout(Duration.ofSeconds(2))) {
        consumer.settings().name = name;
        consumer.with("client.id", name);
        consumer.join();
        await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) >= 40);
        own.kill(0);
        Outcome outcome = consumer.commands().suspend().get(40, SECONDS);

        assertThat(outcome.result())
            .as("what was done since the last commit could not be committed")
            .isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.reason()).contains("the last commit or the leaving failed");
        assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
        assertThat(consumer.clients().live()).isZero();
        Threads.awaitNone(name, SOON);
        int started = journal.started().size();
        assertThat(journal.finished()).hasSize(started);

        // The resume waits for the broker, as a start does.
        CompletableFuture<Outcome> resumed = consumer.commands().resume();
        assertThat(consumer.status().state()).isEqualTo(State.RESTARTING);
        own.restart(0);
        assertThat(resumed.get(90, SECONDS).applied()).isTrue();
        await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 800);
        consumer.closeClean();
      }
    }
    assertThat(journal.distinct()).isEqualTo(800);
    assertThat(journal.duplicates()).as("those that could not be committed").isLessThan(400);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#each")
  void shouldAnswerEveryCommandHaveOneMemberAtMostAndFollowTheLastIntent(GroupProtocol protocol)
      throws Exception {
    String brokers = SharedKafka.bootstrapServers();
    String topic = Topics.create(brokers, "crossing", PARTITIONS);
    Clients.fill(brokers, topic, PARTITIONS, 2_000);
    Journal<String> journal =
        new Journal<>((record, context) -> Work.lasting(Duration.ofMillis(5)));
    String name = Topics.uniqueName("crossing");
    long seed = new Random().nextLong();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Admin admin = Clients.admin(brokers);
        MemberWatch members = new MemberWatch(brokers, group);
        WatchedConsumer consumer =
            new WatchedConsumer(brokers, group, journal, topic)
                .with(protocol.settings(0))
                .with("client.id", name)
                .concurrency(PARTITIONS)) {
      consumer.settings().name = name;
      consumer.join();
      Crossing crossing = new Crossing(consumer);
      answerAll(crossing.run(threads, COMMANDS / THREADS, seed), seed);

      consumer.suspend();
      assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
      Threads.awaitNone(name, SOON);
      assertThat(Consumers.members(admin, group)).isZero();
      int started = journal.started().size();
      consumer.resume();
      await().atMost(SOON).until(() -> journal.started().size() > started);
      consumer.pause();
      await().atMost(SOON).until(() -> consumer.status().state() == State.PAUSED);
      consumer.resume();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 2_000);

      // The end crosses the rest: close() is the last intent whatever comes after it.
      List<CompletableFuture<Outcome>> late = new ArrayList<>();
      Future<?> closing = threads.submit(() -> consumer.commands().close(Duration.ofSeconds(20)));
      late.addAll(crossing.run(threads, 10, seed + 1));
      closing.get(30, SECONDS);
      answerAll(late, seed);
      assertThat(consumer.status().state()).isEqualTo(State.CLOSED);
      assertThat(Consumers.members(admin, group)).isZero();
      assertThat(members.most()).as("members at once, " + members).isEqualTo(1);
      System.out.printf(
          "FIGURES crossings, %s: %d commands from %d threads, %d clients one after the other, %s%n",
          protocol, COMMANDS, THREADS, consumer.clients().created(), members);
      assertThat(consumer.clients().created()).as("suspends that took effect").isGreaterThan(2);
    } finally {
      threads.shutdownNow();
    }
    assertThat(journal.distinct()).isEqualTo(2_000);
    assertThat(journal.duplicates()).isZero();
    assertThat(journal.overlaps()).isEmpty();
  }

  private static void answerAll(List<CompletableFuture<Outcome>> answers, long seed)
      throws Exception {
    for (CompletableFuture<Outcome> answer : answers) {
      Outcome outcome = answer.get(60, SECONDS);
      assertThat(
              outcome.result() != Outcome.Result.FAILED
                  || outcome.reason().contains("the consumer is CLOSED")
                  || outcome.reason().contains("the consumer is CLOSING"))
          .as(outcome + ", seed " + seed)
          .isTrue();
    }
  }

  /** Threads that give suspends, resumes and pauses at random. */
  private static final class Crossing {
    private final WatchedConsumer consumer;

    Crossing(WatchedConsumer consumer) {
      this.consumer = consumer;
    }

    List<CompletableFuture<Outcome>> run(ExecutorService threads, int each, long seed)
        throws Exception {
      List<CompletableFuture<Outcome>> answers = Collections.synchronizedList(new ArrayList<>());
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(seed + i);
        running.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < each; n++) {
                    CompletableFuture<Outcome> answer = give(random.nextInt(6));
                    answers.add(answer);
                    if (random.nextBoolean()) { // at once, or with time to take effect
                      Work.lasting(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)));
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get(120, SECONDS);
      }
      return answers;
    }

    private CompletableFuture<Outcome> give(int command) {
      return switch (command) {
        case 0, 1 -> consumer.commands().suspend();
        case 2, 3 -> consumer.commands().resume();
        case 4 -> consumer.commands().pause();
        default -> consumer.commands().pauseAndDrain();
      };
    }
  }
}
