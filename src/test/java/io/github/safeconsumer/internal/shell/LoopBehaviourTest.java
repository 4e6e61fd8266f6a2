package io.github.safeconsumer.internal.shell;

import static io.github.safeconsumer.internal.shell.Harness.A;
import static io.github.safeconsumer.internal.shell.Harness.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.internal.core.OwnedPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop and its parts, stepped by the test against a scripted client. */
class LoopBehaviourTest {
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

  /** Runs until released; deaf to interrupts. */
  private RecordHandler<byte[], byte[]> hanging() {
    return RecordHandler.of(
        (record, context) -> {
          handled.add(record.partition() + "@" + record.offset());
          boolean released = false;
          while (!released) {
            try {
              release.await();
              released = true;
            } catch (InterruptedException deaf) {
              // hangs on
            }
          }
        });
  }

  @Test
  void shouldStartAtTheCommittedOffsetAndCommitWhatIsDone() {
    harness = new Harness(noting());
    harness.nextClient =
        () -> {
          FakeConsumer client = new FakeConsumer();
          client.committed.put(A, new OffsetAndMetadata(3));
          client.fill(A, 0, 6);
          return client;
        };
    harness.own(A);
    harness.turnUntil("committed", () -> harness.client().committed.get(A).offset() == 6);
    assertThat(handled).containsExactly("0@3", "0@4", "0@5");
    assertThat(harness.events(SafeConsumerEvent.OffsetReset.class)).isEmpty();
  }

  @Test
  void shouldLoseNoOpenRecordWhenTheLogIsCutBackBehindIt() {
    AtomicBoolean fail = new AtomicBoolean(true);
    harness =
        new Harness(
            RecordHandler.of(
                (record, context) -> {
                  if (record.offset() == 2 && fail.get()) {
                    throw new IllegalStateException("not yet");
                  }
                  handled.add(record.partition() + "@" + record.offset());
                }),
            raw ->
                raw.retry = RetryPolicy.fixed(Duration.ofHours(1)).maxElapsed(Duration.ofDays(1)));
    harness.own(A);
    harness.client().fill(A, 0, 10);
    harness.turnUntil("2 waits for its retry", () -> waiting());
    harness.turnUntil("all are read", () -> harness.client().positions.get(A) == 10);
    harness
        .client()
        .polls
        .add(
            () -> {
              throw new LogTruncationException(Map.of(A, 10L), Map.of(A, new OffsetAndMetadata(8)));
            });
    fail.set(false);
    harness.turnUntil("committed", () -> committed(10));
    assertThat(handled)
        .as("8 and 9 may be other records now; 2 to 7 are not done")
        .containsExactly("0@0", "0@1", "0@2", "0@3", "0@4", "0@5", "0@6", "0@7", "0@8", "0@9");
  }

  @Test
  void shouldTakeTheTimeAtTheEndToCommitWhatAShortStallPutInDoubt() {
    harness =
        new Harness(
            RecordHandler.of(
                (record, context) -> {
                  if (record.offset() == 3) {
                    harness.time.advance(Duration.ofMillis(2_500));
                  }
                  handled.add(record.partition() + "@" + record.offset());
                }));
    harness.own(A);
    harness.client().fill(A, 0, 4);
    harness.turnUntil("handled", () -> handled.size() == 4);
    harness.parts.loop().turn();
    assertThat(harness.parts.stalls().isInDoubt(harness.time.nanos() / 1_000_000)).isTrue();
    assertThat(committed(4)).as("an expulsion would not have been heard of yet").isFalse();
    harness.handshake.close();
    assertThat(harness.parts.loop().turn()).isFalse();
    for (int i = 0; i < 4; i++) {
      harness.client().polls.add(() -> harness.time.advance(Duration.ofSeconds(1)));
    }
    assertThat(harness.parts.loop().shutDown()).isTrue();
    assertThat(committed(4)).isTrue();
  }

  @Test
  void shouldReplaceAClientThatCouldNotTakeItsPartitionsOver() {
    harness = new Harness(noting());
    harness.turnUntil(
        "a client", () -> !harness.clients.isEmpty() && harness.client().listener != null);
    FakeConsumer first = harness.client();
    first.failures.put("seek", new WakeupException());
    first.polls.add(() -> first.assign(A));
    harness.turnUntil(
        "replaced",
        () -> {
          harness.time.advance(Duration.ofMillis(300)); // the back-off
          return harness.clients.size() == 2;
        });
    assertThat(first.closed).isTrue();
    harness.own(A);
    harness.client().fill(A, 0, 2);
    harness.turnUntil("handled", () -> handled.size() == 2);
  }

  @Test
  void shouldStartAtTheCutOrAtTheBeginningAfterATruncation() {
    harness = new Harness(noting());
    harness.own(A);
    harness.client().fill(A, 0, 4);
    harness.turnUntil("done", () -> committed(4));
    harness
        .client()
        .polls
        .add(
            () -> {
              throw new LogTruncationException(Map.of(A, 4L), Map.of(A, new OffsetAndMetadata(2)));
            });
    harness.turnUntil("2 and 3 again", () -> handled.size() == 6);
    harness
        .client()
        .polls
        .add(
            () -> {
              throw new LogTruncationException(Map.of(A, 4L), Map.of());
            });
    harness.turnUntil("all again, since nobody knows the cut", () -> handled.size() == 10);
    await("events").until(() -> harness.events(SafeConsumerEvent.PositionReset.class).size() == 2);
  }

  @Test
  void shouldReportWhatRetentionTookAndGoOn() {
    harness = new Harness(noting());
    harness.own(A);
    harness.client().beginnings.put(A, 7L);
    harness.client().fill(A, 7, 9);
    harness
        .client()
        .polls
        .add(
            () -> {
              throw new OffsetOutOfRangeException(Map.of(A, 0L));
            });
    harness.turnUntil("committed", () -> committed(9));
    await("event").until(() -> !harness.events(SafeConsumerEvent.RecordsLost.class).isEmpty());
    SafeConsumerEvent.RecordsLost lost = harness.events(SafeConsumerEvent.RecordsLost.class).get(0);
    assertThat(List.of(lost.from(), lost.to(), lost.count())).containsExactly(0L, 7L, 7L);
  }

  @Test
  void shouldNotCommitAfterTheProcessStoodStillDuringTheDrain() {
    harness = new Harness(hanging());
    harness.own(A);
    harness.client().fill(A, 0, 2);
    harness.turnUntil("0 runs", () -> !handled.isEmpty());
    long before = harness.client().committed.get(A).offset();
    OwnedPartition owned = harness.parts.assignment().get(A);
    harness
        .client()
        .polls
        .add(
            () -> {
              // the machine sleeps for an hour inside the callback, and the record ends meanwhile
              release.countDown();
              await("end").until(() -> owned.watermark() == 1 || owned.watermark() == 2);
              harness.parts.stalls().tick(0, 0);
              harness.parts.stalls().tick(3_600_000, 3_600_000);
              harness.client().revoke(A);
            });
    harness.turnUntil("revoked", () -> harness.parts.assignment().get(A) == null);
    assertThat(harness.client().calls).doesNotContain("commitSync");
    assertThat(harness.clients.get(0).committed.get(A).offset()).isEqualTo(before);
  }

  @Test
  void shouldFenceWhenTheStallComesWhileTheDrainWaits() {
    harness = new Harness(hanging());
    harness.own(A, B);
    harness.client().fill(A, 0, 1);
    harness.turnUntil("0 runs", () -> !handled.isEmpty());
    Thread stall =
        new Thread(
            () -> {
              await("draining")
                  .until(
                      () ->
                          harness.parts.assignment().get(A) != null
                              && harness.parts.assignment().get(A).stage()
                                  == OwnedPartition.Stage.DRAINING);
              harness.time.advance(Duration.ofMinutes(30));
              release.countDown();
            });
    stall.start();
    harness.client().polls.add(() -> harness.client().revoke(A));
    FakeConsumer client = harness.client();
    client.calls.clear();
    harness.turnUntil("revoked", () -> harness.parts.assignment().get(A) == null);
    assertThat(client.calls).as("nobody knows who owns it now").doesNotContain("commitSync");
  }

  @Test
  void shouldCommitWhatIsDoneWhenAPartitionIsRevoked() {
    harness = new Harness(noting());
    harness.own(A);
    harness.client().answerCommits = false;
    harness.client().fill(A, 0, 5);
    harness.turnUntil("handled", () -> handled.size() == 5);
    FakeConsumer client = harness.client();
    client.polls.add(() -> client.revoke(A));
    harness.turnUntil("revoked", () -> harness.parts.assignment().get(A) == null);
    assertThat(client.committed.get(A).offset()).isEqualTo(5);
  }

  @Test
  void shouldKeepRetainedPartitionsWorkingWhileADrainWaits() {
    harness =
        new Harness(
            RecordHandler.of(
                (record, context) -> {
                  handled.add(record.partition() + "@" + record.offset());
                  if (record.partition() == 0) {
                    release.await();
                  }
                }),
            raw -> raw.concurrency = 2);
    harness.own(A, B);
    harness.client().fill(A, 0, 1);
    harness.turnUntil("0@0 hangs", () -> handled.contains("0@0"));
    harness.handshake.pause(List.of(B), this::setPaused);
    OwnedPartition retained = harness.parts.assignment().get(B);
    retained.add(
        List.of(
            new org.apache.kafka.clients.consumer.ConsumerRecord<>(
                "orders", 1, 0L, new byte[0], new byte[0])));
    Thread resumer =
        new Thread(
            () -> {
              await("draining")
                  .until(
                      () ->
                          harness.parts.assignment().get(A).stage()
                              == OwnedPartition.Stage.DRAINING);
              harness.handshake.resume(new CompletableFuture<>(), List.of(B), this::setPaused);
              await("B goes on while A is awaited")
                  .atMost(Duration.ofSeconds(20))
                  .until(() -> handled.contains("1@0"));
              release.countDown();
            });
    resumer.start();
    harness.client().polls.add(() -> harness.client().revoke(A));
    harness.turnUntil("revoked", () -> harness.parts.assignment().get(A) == null);
    assertThat(handled).contains("1@0");
  }

  private void setPaused(org.apache.kafka.common.TopicPartition partition, boolean paused) {
    OwnedPartition owned = harness.parts.assignment().get(partition);
    if (owned != null) {
      owned.setPaused(io.github.safeconsumer.PauseReason.USER, paused);
    }
  }

  @Test
  void shouldCloseAClientWhoseSubscriptionFailedBeforeTheNextOneIsMade() {
    harness = new Harness(noting());
    AtomicInteger made = new AtomicInteger();
    AtomicBoolean two = new AtomicBoolean();
    harness.nextClient =
        () -> {
          two.compareAndSet(false, harness.clients.stream().anyMatch(c -> !c.closed));
          FakeConsumer client = new FakeConsumer();
          if (made.incrementAndGet() == 1) {
            client.failures.put("subscribe", new TimeoutException("x"));
          }
          return client;
        };
    harness.turnUntil("the first one", () -> harness.clients.size() == 1);
    harness.time.advance(Duration.ofSeconds(1)); // the back-off
    harness.turnUntil(
        "the second one", () -> harness.clients.size() == 2 && harness.client().listener != null);
    assertThat(two).as("S2: one client at a time").isFalse();
  }

  @Test
  void shouldGiveUpAfterTenMinutesWithoutPermissionEvenThoughEachClientJoins() {
    harness = new Harness(noting());
    harness.nextClient =
        () -> {
          FakeConsumer client = new FakeConsumer();
          client.polls.add(() -> {});
          client.polls.add(() -> {});
          client.polls.add(
              () -> {
                throw new TopicAuthorizationException("orders");
              });
          return client;
        };
    for (int turn = 0; turn < 400 && harness.parts.fatal().get() == null; turn++) {
      harness.time.advance(Duration.ofSeconds(20));
      harness.parts.stalls().take();
      harness.parts.loop().turn();
    }
    assertThat(harness.parts.fatal().get()).isNotNull();
    assertThat(harness.parts.fatal().get().reason()).contains("not authorized");
    assertThat(harness.clients).hasSizeBetween(5, 14);
  }

  @Test
  void shouldNotHurryCommitsThatFail() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    client.answerCommits = false;
    client.fill(A, 0, 1);
    harness.turnUntil("sent", () -> !client.unanswered.isEmpty());
    int before = client.unanswered.size();
    int answered = 0;
    for (int turn = 0; turn < 200; turn++) { // 2 s
      harness.time.advance(Duration.ofMillis(10));
      while (answered < client.unanswered.size()) {
        client.unanswered.get(answered++).onComplete(Map.of(), new CommitFailedException());
      }
      harness.parts.loop().turn();
    }
    assertThat(client.unanswered.size() - before).isBetween(5, 12);
  }

  @Test
  void shouldCommitAgainAfterTheClientRefusedToSendOne() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    client.fill(A, 0, 1);
    client.failures.put("commitAsync", new TimeoutException("x"));
    harness.turnUntil(
        "handled and refused", () -> handled.size() == 1 && client.calls.contains("commitAsync"));
    client.failures.clear();
    long before = harness.time.nanos();
    harness.turnUntil("committed", () -> committed(1));
    assertThat(Duration.ofNanos(harness.time.nanos() - before)).isLessThan(Duration.ofSeconds(5));
    assertThat(harness.clients).hasSize(1);
  }

  @Test
  void shouldEndTheWaitForRunningAttemptsAtAFixedMomentWhenClosed() {
    harness = new Harness(hanging(), raw -> raw.drainTimeout = Duration.ofSeconds(30));
    harness.own(A);
    harness.client().fill(A, 0, 1);
    harness.turnUntil("0 runs", () -> !handled.isEmpty());
    long asked = harness.time.nanos();
    harness.parts.closing().within(Duration.ofSeconds(10));
    harness.handshake.close();
    FakeConsumer client = harness.client();
    client.polls.add(() -> client.revoke(A));
    Thread clock =
        new Thread(
            () -> {
              while (harness.parts.assignment().get(A) != null) {
                harness.time.advance(Duration.ofMillis(50));
                Thread.onSpinWait();
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
              }
            });
    // close() comes while the callback waits
    harness.parts.drain().await(List.of(), 0);
    clock.start();
    boolean committed = harness.parts.loop().shutDown();
    assertThat(committed).isTrue();
    assertThat(client.closed).isTrue();
    long took = harness.time.nanos() - asked;
    assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(10));
    assertThat(client.syncBounds).allMatch(b -> b.compareTo(Duration.ofSeconds(5)) <= 0);
  }

  @Test
  void shouldResumeAPartitionThatIsPausedOnlyOnceAndForgetRevokedOnes() {
    harness = new Harness(noting());
    harness.own(A, B);
    FakeConsumer client = harness.client();
    harness.handshake.pause(List.of(A), this::setPaused);
    harness.turnUntil("paused", () -> client.paused.contains(A));
    client.polls.add(() -> client.revoke(A));
    harness.turnUntil("revoked", () -> harness.parts.assignment().get(A) == null);
    CompletableFuture<Outcome> resumed = new CompletableFuture<>();
    harness.handshake.resume(resumed, List.of(A), this::setPaused);
    harness.turnUntil("answered", resumed::isDone);
    client.polls.add(() -> client.assign(A));
    client.paused.clear();
    client.fill(A, 0, 1);
    harness.turnUntil("handled", () -> handled.contains("0@0"));
    assertThat(harness.lifecycle.state()).isEqualTo(State.RUNNING);
  }

  private boolean waiting() {
    OwnedPartition owned = harness.parts.assignment().get(A);
    return owned.status(0, 0).waiting() == 1;
  }

  private boolean committed(long offset) {
    OffsetAndMetadata committed = harness.client().committed.get(A);
    return committed != null && committed.offset() == offset;
  }
}
