package io.github.safeconsumer.internal.shell;

import static io.github.safeconsumer.internal.shell.Harness.A;
import static io.github.safeconsumer.internal.shell.Harness.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.OwnedPartition;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pauses and back-pressure, at the client and at the workers, through rebalances and restarts. */
class PauseBehaviourTest {
  private final Queue<String> handled = new ConcurrentLinkedQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private Harness harness;

  @AfterEach
  void end() {
    release.countDown();
    if (harness != null) {
      harness.close();
    }
  }

  private RecordHandler<byte[], byte[]> noting() {
    return RecordHandler.of(
        (record, context) -> handled.add(record.partition() + "@" + record.offset()));
  }

  @Test
  void shouldPauseAgainAtTheClientWhenARebalanceForgotItsPauses() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    harness.handshake.pause();
    harness.turnUntil("paused", () -> client.paused.contains(A));
    client.fill(A, 0, 3);
    client.polls.add(
        () -> { // an eager rebalance
          client.revoke(A);
          client.paused.clear();
          client.assign(A);
        });
    harness.turns(1);
    harness.turnUntil("taken over", () -> !harness.parts.assignment().get(A).isPaused());
    harness.turns(20);
    assertThat(client.paused).contains(A);
    assertThat(harness.parts.assignment().get(A).status(0, 0).buffered()).isZero();
    assertThat(handled).isEmpty();
  }

  @Test
  void shouldStayPausedWhenTheClientIsReplaced() {
    harness = new Harness(noting());
    harness.own(A);
    harness.handshake.pause();
    FakeConsumer broken = harness.client();
    broken.polls.add(
        () -> {
          throw new KafkaException("broken");
        });
    harness.turnUntil("closed", () -> broken.closed);
    harness.time.advance(Duration.ofSeconds(1)); // the back-off
    harness.turnUntil("another", () -> harness.clients.size() == 2);
    harness.own(A);
    harness.client().fill(A, 0, 3);
    harness.turns(50);
    assertThat(harness.client().paused).contains(A);
    assertThat(handled).isEmpty();
  }

  @Test
  void shouldKeepTheRecordsOfAPollThatAPauseCameInto() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    client.fill(A, 0, 3);
    client.polls.add(() -> harness.handshake.pause());
    harness.turns(20);
    assertThat(client.positions.get(A)).as("they were polled").isEqualTo(3);
    assertThat(handled).isEmpty();
    harness.handshake.resume(new CompletableFuture<>(), () -> {});
    harness.turnUntil("handled", () -> handled.size() == 3);
  }

  /** A turn polls several times while the polls are full. */
  @Test
  void shouldPauseAtTheClientBetweenThePollsOfOneTurn() {
    harness = new Harness(noting(), raw -> raw.kafka.put("max.poll.records", "2"));
    harness.own(A, B);
    FakeConsumer client = harness.client();
    client.maxPollRecords = 2;
    client.polls.add(() -> client.fill(A, 0, 2));
    client.polls.add(
        () -> {
          client.fill(B, 0, 100);
          harness.handshake.pause();
        });
    client.pollBounds.clear();

    harness.turns(1);

    assertThat(client.paused).contains(A, B);
    assertThat(client.positions.get(B)).as("only the poll that was under way").isEqualTo(2);
    assertThat(client.pollBounds).as("two full polls and one of the paused").hasSize(3);
  }

  @Test
  void shouldPauseAFullPartitionBetweenThePollsOfOneTurn() {
    harness =
        new Harness(
            RecordHandler.of((record, context) -> release.await()),
            raw -> raw.kafka.put("max.poll.records", "2"));
    harness.own(A);
    FakeConsumer client = harness.client();
    client.maxPollRecords = 2;
    client.fill(A, 0, 100);

    harness.turns(1);

    assertThat(client.paused).contains(A);
    assertThat(client.positions.get(A)).as("two polls, exceeded by one").isLessThanOrEqualTo(6);
  }

  @Test
  void shouldKeepReadingTheOthersWhenOnePartitionIsFull() {
    harness =
        new Harness(
            RecordHandler.of(
                (record, context) -> {
                  handled.add(record.partition() + "@" + record.offset());
                  if (record.partition() == 0) {
                    release.await();
                  }
                }),
            raw -> {
              raw.concurrency = 2;
              raw.kafka.put("max.poll.records", "2");
            });
    harness.own(A, B);
    FakeConsumer client = harness.client();
    client.maxPollRecords = 2;
    client.fill(A, 0, 100);
    client.fill(B, 0, 100);
    harness.turnUntil("A is full", () -> client.paused.contains(A));
    harness.turnUntil("B is read to its end", () -> handled.contains("1@99"));
    assertThat(harness.parts.assignment().get(A).status(0, 0).buffered())
        .as("two polls, exceeded by one")
        .isLessThanOrEqualTo(6);
  }

  @Test
  void shouldWaitForAStartThatIsUnderWayBeforeAPauseIsApplied() throws Exception {
    CompletableFuture<OwnedPartition> inside = new CompletableFuture<>();
    FakeConsumer client = new FakeConsumer();
    client.fill(A, 0, 1);
    client.polls.add(() -> client.assign(A));
    Coordinator<byte[], byte[]> consumer =
        new Coordinator<>(
            Harness.settings(
                RecordHandler.of(
                    (record, context) -> {
                      inside.complete(((Attempt) context).partition());
                      release.await();
                    }),
                raw -> {},
                event -> {}),
            Harness.platform(Platform.system().time(), () -> client));
    try {
      consumer.start();
      OwnedPartition partition = inside.get(20, TimeUnit.SECONDS);
      CompletableFuture<CompletableFuture<Outcome>> paused = new CompletableFuture<>();
      Thread pausing = new Thread(() -> paused.complete(consumer.pause()));
      synchronized (partition) { // as a worker that is just about to start a record
        pausing.start();
        await("it waits, or has not waited")
            .until(() -> pausing.getState() == Thread.State.BLOCKED || paused.isDone());
        assertThat(paused).as("a start under way has to end first").isNotDone();
      }
      assertThat(paused.get(20, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS).applied()).isTrue();
    } finally {
      release.countDown();
      consumer.close(Duration.ofSeconds(5));
    }
  }
}
