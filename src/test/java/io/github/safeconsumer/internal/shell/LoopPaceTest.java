package io.github.safeconsumer.internal.shell;

import static io.github.safeconsumer.internal.shell.Harness.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Health;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop polls whatever its records do, on its own thread, and does nothing else there. */
class LoopPaceTest {
  private static final Duration TURN = Duration.ofMillis(100);

  private final Queue<Thread> handling = new ConcurrentLinkedQueue<>();
  private Harness harness;

  @AfterEach
  void end() {
    harness.close();
  }

  @Test
  void shouldPollEveryTurnHoweverLongARecordWaitsForItsRetry() {
    harness =
        new Harness(
            RecordHandler.of(
                (record, context) -> {
                  throw new IllegalStateException("not yet");
                }),
            raw ->
                raw.retry = RetryPolicy.fixed(Duration.ofHours(1)).maxElapsed(Duration.ofDays(1)));
    harness.own(A);
    FakeConsumer client = harness.client();
    client.fill(A, 0, 1);
    harness.turnUntil(
        "it waits", () -> harness.parts.assignment().get(A).status(0, 0).waiting() == 1);
    harness.turnUntil("committed", () -> !harness.parts.assignment().get(A).isBusy(0));
    client.pollBounds.clear();
    harness.turns(100);
    assertThat(client.pollBounds)
        .hasSize(100)
        .allSatisfy(bound -> assertThat(bound).isLessThanOrEqualTo(TURN));
    assertThat(client.pollBounds.get(99)).as("and does not spin").isEqualTo(TURN);
  }

  /** Commands, commits and the watchdog have their turn, however fast the records come. */
  @Test
  void shouldPollTenTimesAtMostInATurnThoughEveryPollIsFull() {
    List<TopicPartition> partitions = partitions(25);
    harness =
        new Harness(
            RecordHandler.of((record, context) -> {}),
            raw -> raw.kafka.put("max.poll.records", "2"));
    harness.own(partitions.toArray(TopicPartition[]::new));
    FakeConsumer client = harness.client();
    // Each poll brings the records of another partition: none of them is ever full.
    partitions.forEach(partition -> client.polls.add(() -> client.fill(partition, 0, 2)));
    client.pollBounds.clear();

    harness.turns(1);

    assertThat(client.pollBounds).hasSize(10);
    assertThat(client.pollBounds.subList(1, 10))
        .as("only the first of them may wait")
        .containsOnly(Duration.ZERO);
    harness.turns(1);
    assertThat(client.pollBounds).hasSize(20);
    harness.turns(1);
    assertThat(client.pollBounds).as("the first that brings nothing ends it").hasSize(26);
  }

  private static List<TopicPartition> partitions(int count) {
    return IntStream.range(0, count).mapToObj(p -> new TopicPartition(A.topic(), p)).toList();
  }

  @Test
  void shouldNeverRunAHandlerOnTheThreadThatPolls() {
    harness = new Harness(RecordHandler.of((record, c) -> handling.add(Thread.currentThread())));
    harness.own(A);
    harness.client().fill(A, 0, 3);
    harness.turnUntil("handled", () -> handling.size() == 3);
    assertThat(handling).doesNotContainAnyElementsOf(harness.client().callers);
  }

  @Test
  void shouldCloseABrokenClientBeforeTheNextOneIsMade() {
    CountDownLatch made = new CountDownLatch(1);
    Thread loop = Thread.currentThread();
    harness = new Harness(RecordHandler.of((record, context) -> {}));
    harness.nextClient =
        () -> {
          assertThat(harness.clients).as("S2: one client at a time").allMatch(c -> c.closed);
          if (!harness.clients.isEmpty()) {
            made.countDown();
          }
          return new FakeConsumer();
        };
    harness.own(A);
    FakeConsumer broken = harness.client();
    broken.atClose =
        () -> {
          if (Thread.currentThread() != loop) { // then it is slow
            try {
              made.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    broken.polls.add(
        () -> {
          throw new KafkaException("broken");
        });
    harness.turns(3);
    harness.time.advance(Duration.ofSeconds(1)); // the back-off
    harness.turns(5);
    assertThat(harness.clients).hasSize(2);
  }

  @Test
  void shouldNotBeHealthyWhenTheLoopStandsStill() {
    harness = new Harness(RecordHandler.of((record, context) -> {}));
    harness.own(A);
    assertThat(health().readiness()).isEqualTo(Health.Level.UP);
    harness.time.advance(Duration.ofMinutes(2)); // a third of max.poll.interval
    assertThat(health().liveness()).isEqualTo(Health.Level.UP);
    assertThat(health().readiness()).isEqualTo(Health.Level.DOWN);
    harness.time.advance(Duration.ofMinutes(4));
    assertThat(health().liveness()).isEqualTo(Health.Level.DOWN);
  }

  private Health health() {
    return new Reports<>(harness.lasting, harness.parts, List.of()).health();
  }
}
