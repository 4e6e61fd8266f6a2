package io.github.safeconsumer.internal.shell;

import static io.github.safeconsumer.internal.shell.Harness.A;
import static io.github.safeconsumer.internal.shell.Harness.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent.CommitFailed;
import io.github.safeconsumer.internal.core.OwnedPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is committed, by whom and when: the loop stepped by the test against a scripted client. */
class CommitBehaviourTest {
  private static final int A_WHILE = 300;

  private final Queue<Long> handled = new ConcurrentLinkedQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private Harness harness;

  @AfterEach
  void end() {
    release.countDown();
    harness.close();
  }

  private RecordHandler<byte[], byte[]> noting() {
    return RecordHandler.of((record, context) -> handled.add(record.offset()));
  }

  /** Stays in the handler of this offset until released. */
  private RecordHandler<byte[], byte[]> hangingAt(long offset) {
    return RecordHandler.of(
        (record, context) -> {
          handled.add(record.offset());
          if (record.offset() == offset) {
            release.await();
          }
        });
  }

  private long committed(TopicPartition partition) {
    OffsetAndMetadata committed = harness.client().committed.get(partition);
    return committed == null ? -1 : committed.offset();
  }

  /** Everything below is done, whether committed or not; no time goes by meanwhile. */
  private void done(TopicPartition partition, long offset) {
    harness.turnUntil("polled", () -> harness.client().positions.get(partition) == offset);
    await("done").until(() -> harness.parts.assignment().get(partition).watermark() == offset);
  }

  @Test
  void shouldNeverCommitPastARecordThatIsNotDone() {
    harness = new Harness(hangingAt(1));
    harness.own(A);
    harness.client().fill(A, 0, 5);
    harness.turnUntil("0 is committed", () -> committed(A) == 1);
    harness.turns(A_WHILE);
    assertThat(harness.client().positions.get(A)).as("all are polled").isEqualTo(5);
    assertThat(committed(A)).isEqualTo(1);
  }

  @Test
  void shouldCommitNothingOfAPartitionWhoseCommittedOffsetIsNotKnownYet() {
    harness = new Harness(noting());
    harness.nextClient =
        () -> {
          FakeConsumer client = new FakeConsumer();
          client.committed.put(A, new OffsetAndMetadata(5));
          client.failures.put("committed", new TimeoutException("no answer yet"));
          client.polls.add(() -> client.assign(A));
          return client;
        };
    harness.turnUntil("assigned", () -> harness.parts.assignment().get(A) != null);
    harness.turns(A_WHILE);
    FakeConsumer client = harness.client();
    client.polls.add(() -> client.revoke(A));
    harness.turns(1);
    assertThat(client.commits).isEmpty();
    assertThat(committed(A)).isEqualTo(5);
  }

  @Test
  void shouldSendACommitAgainThatFailed() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    client.answerCommits = false;
    client.fill(A, 0, 3);
    done(A, 3);
    harness.turnUntil("sent", () -> !client.unanswered.isEmpty());
    client.answerCommits = true;
    client.unanswered.forEach(c -> c.onComplete(Map.of(), new TimeoutException("no answer")));
    harness.turns(A_WHILE);
    assertThat(committed(A)).isEqualTo(3);
  }

  @Test
  void shouldCallItAFailureOnlyWhenARebalanceRefusesCommitsForLong() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    client.answerCommits = false;
    client.fill(A, 0, 3);
    done(A, 3);
    refuseFor(client, 25);
    assertThat(harness.parts.counters().commitsFailed.sum())
        .as("every rebalance of the group")
        .isZero();
    refuseFor(client, 10);
    await().until(() -> !harness.events(CommitFailed.class).isEmpty());
    assertThat(harness.events(CommitFailed.class))
        .singleElement()
        .satisfies(
            failed -> {
              assertThat(failed.partitions()).containsExactly(A);
              assertThat(failed.exceptionClass())
                  .isEqualTo(RebalanceInProgressException.class.getName());
            });
    client.answerCommits = true;
    refuseFor(client, 1);
    harness.turns(A_WHILE);
    assertThat(committed(A)).isEqualTo(3);
  }

  /** Whatever is sent meanwhile. */
  private void refuseFor(FakeConsumer client, int seconds) {
    for (int second = 0; second < seconds; second++) {
      harness.time.advance(Duration.ofSeconds(1));
      harness.turns(5);
      List<OffsetCommitCallback> sent = List.copyOf(client.unanswered);
      client.unanswered.clear();
      sent.forEach(one -> one.onComplete(Map.of(), new RebalanceInProgressException("poll")));
    }
  }

  @Test
  void shouldCommitAgainWhenAnAnswerNeverComes() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    client.answerCommits = false;
    client.fill(A, 0, 3);
    done(A, 3);
    harness.turnUntil("sent", () -> !client.unanswered.isEmpty());
    client.answerCommits = true;
    for (int second = 0; second < 80; second++) {
      harness.time.advance(Duration.ofSeconds(1));
      harness.turns(1);
    }
    assertThat(committed(A)).isEqualTo(3);
  }

  @Test
  void shouldNotAnswerADrainBeforeItsCommitIsConfirmed() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    client.answerCommits = false;
    client.fill(A, 0, 3);
    done(A, 3);
    CompletableFuture<Outcome> drained = new CompletableFuture<>();
    harness.handshake.pauseAndDrain(drained, harness.time.nanos() + 3_600_000_000_000L);
    harness.turns(A_WHILE);
    assertThat(harness.handshake.awaitsDrain())
        .as("nothing runs, but it is not committed")
        .isTrue();
    client.answerCommits = true;
    client.unanswered.forEach(c -> c.onComplete(Map.of(), new TimeoutException("no answer")));
    harness.turnUntil("answered", drained::isDone);
    assertThat(drained.join().applied()).isTrue();
    assertThat(committed(A)).isEqualTo(3);
  }

  @Test
  void shouldNotRepeatASavedCommitForAPartitionThatIsAnothersByNow() {
    harness = new Harness(noting());
    harness.own(A, B);
    FakeConsumer client = harness.client();
    client.answerCommits = false;
    client.fill(A, 0, 3);
    client.fill(B, 0, 3);
    done(A, 3);
    done(B, 3);
    harness.turnUntil("sent", () -> !client.unanswered.isEmpty());
    client.polls.add(() -> client.revoke(A));
    harness.turnUntil("revoked", () -> harness.parts.assignment().get(A) == null);
    client.committed.put(A, new OffsetAndMetadata(10)); // by the new owner
    client.answerCommits = true;
    client.unanswered.forEach(c -> c.onComplete(Map.of(), new TimeoutException("no answer")));
    client.unanswered.clear();
    harness.turns(A_WHILE);
    assertThat(committed(A)).isEqualTo(10);
    assertThat(committed(B)).isEqualTo(3);
  }

  @Test
  void shouldNotTakeALateAnswerForOneOfItsOwnWhenThePartitionCameBack() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    client.answerCommits = false;
    client.fill(A, 0, 3);
    done(A, 3);
    harness.turnUntil("sent", () -> client.commits.stream().anyMatch(c -> c.get(A).offset() == 3));
    client.polls.add(() -> client.lose(A));
    harness.turnUntil("lost", () -> harness.parts.assignment().get(A) == null);
    client.committed.put(A, new OffsetAndMetadata(1)); // the commit of 3 was refused in truth
    client.answerCommits = true;
    harness.own(A);
    done(A, 3);
    client.unanswered.forEach(c -> c.onComplete(Map.of(), null));
    harness.turns(A_WHILE);
    assertThat(handled).containsExactly(0L, 1L, 2L, 1L, 2L);
    assertThat(committed(A)).isEqualTo(3);
  }

  @Test
  void shouldAwaitWhatRunsAndCommitItWhenAPartitionIsRevoked() {
    harness = new Harness(hangingAt(0));
    harness.own(A);
    FakeConsumer client = harness.client();
    client.fill(A, 0, 2);
    harness.turnUntil("0 runs", () -> !handled.isEmpty());
    OwnedPartition owned = harness.parts.assignment().get(A);
    Thread releasing =
        new Thread(
            () -> {
              await("draining").until(() -> owned.stage() == OwnedPartition.Stage.DRAINING);
              release.countDown();
            });
    releasing.start();
    client.polls.add(() -> client.revoke(A));
    harness.turnUntil("revoked", () -> harness.parts.assignment().get(A) == null);
    assertThat(committed(A)).isEqualTo(1);
    assertThat(handled).as("nothing starts meanwhile").containsExactly(0L);
  }

  @Test
  void shouldGiveUpWaitingForWhatRunsWhenTheDrainTimeoutIsOver() {
    harness = new Harness(hangingAt(0), raw -> raw.drainTimeout = Duration.ofSeconds(5));
    harness.own(A);
    FakeConsumer client = harness.client();
    client.fill(A, 0, 2);
    harness.turnUntil("0 runs", () -> !handled.isEmpty());
    OwnedPartition owned = harness.parts.assignment().get(A);
    Thread clock =
        new Thread(
            () -> {
              await("draining").until(() -> owned.stage() == OwnedPartition.Stage.DRAINING);
              for (int i = 0; i < 500 && !owned.isEnded(); i++) { // 50 s
                harness.time.advance(Duration.ofMillis(100));
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
              }
              release.countDown();
            });
    clock.start();
    client.polls.add(() -> client.revoke(A));
    long before = harness.time.nanos();
    harness.turnUntil("revoked", () -> harness.parts.assignment().get(A) == null);
    assertThat(Duration.ofNanos(harness.time.nanos() - before)).isLessThan(Duration.ofSeconds(20));
    assertThat(committed(A)).as("it is the next owner's").isLessThan(1);
  }

  @Test
  void shouldNotCommitWhatTheGroupHasGivenToAnotherMember() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    client.answerCommits = false;
    client.fill(A, 0, 3);
    done(A, 3);
    client.calls.clear();
    client.polls.add(() -> client.lose(A));
    harness.turnUntil("lost", () -> harness.parts.assignment().get(A) == null);
    harness.turns(A_WHILE);
    assertThat(client.calls).doesNotContain("commitSync");
    assertThat(committed(A)).isLessThan(1);
  }

  @Test
  void shouldHoldTheCommitForAHeartbeatAfterAShortStall() {
    harness = new Harness(noting());
    harness.own(A);
    FakeConsumer client = harness.client();
    harness.turnUntil("settled", () -> committed(A) == 0);
    harness.time.advance(Duration.ofSeconds(4));
    long stalled = harness.time.nanos();
    client.fill(A, 0, 3);
    done(A, 3);
    while (harness.time.nanos() - stalled < Duration.ofMillis(2_900).toNanos()) {
      harness.turns(1);
    }
    assertThat(committed(A)).as("not within a heartbeat interval, 3 s").isZero();
    harness.turnUntil("committed", () -> committed(A) == 3);
  }
}
