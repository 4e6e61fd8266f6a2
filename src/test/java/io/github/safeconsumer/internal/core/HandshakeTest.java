package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.Outcome.Result;
import io.github.safeconsumer.PauseReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * S6: the last intent wins. L1: every future completes, once. S13: the reason follows the intent.
 */
@SuppressWarnings("CollectionUndefinedEquality") // futures are meant by identity
class HandshakeTest {
  private static final TopicPartition A = new TopicPartition("orders", 0);
  private static final TopicPartition B = new TopicPartition("orders", 1);
  private static final Outcome ENDED = new Outcome(Result.SUPERSEDED, "closed");

  private final PauseGate gate = new PauseGate();
  private final Handshake handshake = new Handshake(gate);
  private final Map<TopicPartition, Boolean> pauses = new HashMap<>();

  @Test
  void shouldKeepIntentAndReasonTogether() {
    handshake.pause();
    assertThat(handshake.intent().want()).isEqualTo(Handshake.Want.PAUSE);
    assertThat(gate.reasons()).containsExactly(PauseReason.USER);
    resume(handshake);
    assertThat(handshake.intent().want()).isEqualTo(Handshake.Want.RUN);
    assertThat(gate.reasons()).isEmpty();
  }

  @Test
  void shouldShowNoIntentWhoseReasonIsNotSetYet() throws Exception {
    Thread pausing = new Thread(handshake::pause);
    Thread asking = new Thread(handshake::intent);
    synchronized (gate) { // the reason cannot be set before this ends
      pausing.start();
      while (pausing.getState() != Thread.State.BLOCKED && pausing.isAlive()) {
        Thread.onSpinWait();
      }
      asking.start();
      while (asking.getState() != Thread.State.BLOCKED && asking.isAlive()) {
        Thread.onSpinWait();
      }
      assertThat(asking.getState()).as("intent and reason are one").isEqualTo(Thread.State.BLOCKED);
    }
    pausing.join();
    asking.join();
  }

  @Test
  void shouldReleaseTheFloodByAResumeButNotByAPartitionsResume() {
    gate.close(PauseReason.FLOOD);
    resume(handshake, List.of(A), pauses::put);
    assertThat(gate.reasons()).containsExactly(PauseReason.FLOOD);
    resume(handshake);
    assertThat(gate.reasons()).isEmpty();
  }

  @Test
  void shouldSayAppliedOnlyForAPauseThatNothingCameAfter() {
    long first = handshake.pause().sequence();
    assertThat(handshake.pauseHolds(first).result()).isEqualTo(Result.APPLIED);
    long second = handshake.pause().sequence();
    assertThat(handshake.pauseHolds(first).result())
        .as("it holds without a break")
        .isEqualTo(Result.APPLIED);
    resume(handshake);
    assertThat(handshake.pauseHolds(second).result()).isEqualTo(Result.SUPERSEDED);
  }

  @Test
  void shouldNotTakeALaterPauseForTheOneThatAResumeEnded() {
    long first = handshake.pause().sequence();
    resume(handshake);
    long later = handshake.pause().sequence(); // its barrier is still to come
    assertThat(handshake.pauseHolds(first).result()).isEqualTo(Result.SUPERSEDED);
    assertThat(handshake.pauseHolds(later).result()).isEqualTo(Result.APPLIED);
  }

  @Test
  void shouldSettleAResumeOnlyOnceTheLoopPolledWithItsIntent() {
    CompletableFuture<Outcome> resumed = resume(handshake);
    long sequence = handshake.intent().sequence();
    assertThat(handshake.polled(sequence - 1)).as("a poll begun before").isEmpty();
    assertThat(handshake.polled(sequence))
        .extracting(Handshake.Settled::future)
        .containsExactly(resumed);
    assertThat(handshake.polled(sequence)).as("once").isEmpty();
  }

  @Test
  void shouldSupersedeAWaitingResumeByAPause() {
    CompletableFuture<Outcome> resumed = resume(handshake);
    List<Handshake.Settled> settled = handshake.pause().superseded();
    assertThat(settled).extracting(Handshake.Settled::future).containsExactly(resumed);
    assertThat(settled.get(0).outcome().result()).isEqualTo(Result.SUPERSEDED);
    assertThat(handshake.polled(handshake.intent().sequence())).isEmpty();
  }

  @Test
  void shouldSupersedeAWaitingPartitionsResumeByThePauseOfOneOfThem() {
    CompletableFuture<Outcome> both = resume(handshake, List.of(A, B), pauses::put);
    CompletableFuture<Outcome> other = resume(handshake, List.of(B), pauses::put);

    List<Handshake.Settled> settled = handshake.pause(List.of(A), pauses::put);

    assertThat(settled).extracting(Handshake.Settled::future).containsExactly(both);
    assertThat(settled.get(0).outcome().result()).isEqualTo(Result.SUPERSEDED);
    assertThat(pauses).containsEntry(A, true).containsEntry(B, false);
    assertThat(handshake.polled(handshake.intent().sequence()))
        .extracting(Handshake.Settled::future)
        .containsExactly(other);
  }

  @Test
  void shouldSettleAPartitionsResumeEvenWhileTheWholeConsumerIsPaused() {
    CompletableFuture<Outcome> resumed = resume(handshake, List.of(A), pauses::put);
    assertThat(handshake.pause().superseded()).isEmpty();
    assertThat(handshake.polled(handshake.intent().sequence()))
        .extracting(Handshake.Settled::future)
        .containsExactly(resumed);
  }

  @Test
  void shouldPauseAPartitionFromTheMomentItIsTakenOver() {
    handshake.pause(List.of(A), (partition, paused) -> {});
    OwnedPartition taken = Records.acquiring(gate);
    boolean[] published = {false};
    handshake.takeOver(taken, () -> published[0] = true);
    assertThat(published[0]).isTrue();
    assertThat(taken.reasons()).contains(PauseReason.USER);
    resume(handshake, List.of(A), (partition, paused) -> {});
    OwnedPartition again = Records.acquiring(gate);
    handshake.takeOver(again, () -> {});
    assertThat(again.reasons()).containsExactly(PauseReason.ACQUIRE);
  }

  @Test
  void shouldStayClosedWhateverComesAfter() {
    assertThat(handshake.close()).isTrue();
    assertThat(handshake.close()).as("idempotent").isFalse();
    long paused = handshake.pause().sequence();
    assertThat(handshake.pauseHolds(paused).result()).isEqualTo(Result.SUPERSEDED);
    CompletableFuture<Outcome> resumed = resume(handshake);
    assertThat(handshake.intent().want()).isEqualTo(Handshake.Want.CLOSE);
    assertThat(handshake.polled(Long.MAX_VALUE)).as("not applied any more").isEmpty();
    assertThat(handshake.ended(ENDED))
        .extracting(Handshake.Settled::future)
        .containsExactly(resumed);
  }

  @Test
  void shouldStaySuspendedWhateverComesButAResumeOrAClose() {
    CompletableFuture<Outcome> suspended = suspend(handshake);
    assertThat(gate.reasons()).containsExactly(PauseReason.USER);
    long paused = handshake.pause().sequence();
    assertThat(handshake.pauseHolds(paused).applied()).as("nothing starts").isTrue();
    assertThat(handshake.intent().want()).isEqualTo(Handshake.Want.SUSPEND);
    List<Handshake.Settled> settled =
        handshake.resume(new CompletableFuture<>(), () -> {}).superseded();
    assertThat(settled).extracting(Handshake.Settled::future).containsExactly(suspended);
    assertThat(settled.get(0).outcome().result()).isEqualTo(Result.SUPERSEDED);
    assertThat(handshake.intent().want()).isEqualTo(Handshake.Want.RUN);
    assertThat(gate.reasons()).isEmpty();
  }

  @Test
  void shouldAnswerASuspendOnlyByItsEnd() {
    CompletableFuture<Outcome> suspended = suspend(handshake);
    CompletableFuture<Outcome> drained = new CompletableFuture<>();
    handshake.pauseAndDrain(drained, 0);
    assertThat(handshake.polled(Long.MAX_VALUE)).isEmpty();
    assertThat(handshake.suspended(new Outcome(Result.APPLIED, "left")))
        .as("what is suspended is drained, too")
        .extracting(Handshake.Settled::future)
        .containsExactly(suspended, drained);
  }

  @Test
  void shouldSupersedeAWaitingResumeByASuspend() {
    CompletableFuture<Outcome> resumed = resume(handshake);
    assertThat(handshake.suspend(new CompletableFuture<>()).superseded())
        .extracting(Handshake.Settled::future)
        .containsExactly(resumed);
  }

  @Test
  void shouldAnswerADrainOnlyForAMomentThatKnewOfIt() {
    CompletableFuture<Outcome> drained = new CompletableFuture<>();
    long at = handshake.pauseAndDrain(drained, 100).sequence();
    assertThat(handshake.awaitsDrain()).isTrue();
    assertThat(handshake.drained(at - 1)).as("a look begun before").isEmpty();
    assertThat(handshake.overdue(99, "too slow")).isEmpty();
    assertThat(handshake.drained(at))
        .extracting(Handshake.Settled::future)
        .containsExactly(drained);
    assertThat(handshake.awaitsDrain()).isFalse();
  }

  @Test
  void shouldFailAnOverdueDrainAndKeepItsPause() {
    CompletableFuture<Outcome> drained = new CompletableFuture<>();
    handshake.pauseAndDrain(drained, 100);
    List<Handshake.Settled> settled = handshake.overdue(100, "too slow");
    assertThat(settled).extracting(Handshake.Settled::future).containsExactly(drained);
    assertThat(settled.get(0).outcome().result()).isEqualTo(Result.FAILED);
    assertThat(gate.reasons()).containsExactly(PauseReason.USER);
  }

  @Test
  void shouldNotLetAGuardPauseForWhatAResumeHasForgiven() {
    FloodGuard flood = new FloodGuard(1);
    assertThat(flood.deadLettered()).isTrue();
    handshake.resume(new CompletableFuture<>(), flood::reset);
    assertThat(handshake.guard(PauseReason.FLOOD, flood::isFlood)).isFalse();
    assertThat(gate.reasons()).isEmpty();
    flood.deadLettered();
    assertThat(handshake.guard(PauseReason.FLOOD, flood::isFlood)).isTrue();
    assertThat(gate.reasons()).containsExactly(PauseReason.FLOOD);
  }

  private static CompletableFuture<Outcome> resume(Handshake handshake) {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    handshake.resume(future, () -> {});
    return future;
  }

  private static CompletableFuture<Outcome> resume(
      Handshake handshake, List<TopicPartition> partitions, Handshake.PartitionPauses owned) {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    handshake.resume(future, partitions, owned);
    return future;
  }

  private static CompletableFuture<Outcome> suspend(Handshake handshake) {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    handshake.suspend(future);
    return future;
  }

  /** Every sequence of calls against the obvious model. */
  @Test
  void shouldAgreeWithTheModelWhateverTheOrder() {
    Seeds.each(300, HandshakeTest::compareWithModel);
  }

  private static void compareWithModel(Random random) {
    PauseGate gate = new PauseGate();
    Handshake handshake = new Handshake(gate);
    boolean wantsPause = false;
    boolean wantsSuspend = false;
    boolean closed = false;
    long lastResume = 0;
    long count = 0;
    Set<CompletableFuture<Outcome>> open = new HashSet<>();
    Set<TopicPartition> held = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      List<Handshake.Settled> settled = List.of();
      switch (random.nextInt(10)) {
        case 0, 1 -> {
          Handshake.Recorded paused = handshake.pause();
          settled = paused.superseded();
          count++;
          wantsPause |= !closed;
          assertThat(paused.sequence()).isEqualTo(count);
          assertThat(handshake.pauseHolds(count).applied()).isEqualTo(!closed);
          if (lastResume > 1) {
            assertThat(handshake.pauseHolds(lastResume - 1).applied()).isFalse();
          }
        }
        case 2, 3 -> {
          CompletableFuture<Outcome> resumed = new CompletableFuture<>();
          open.add(resumed);
          settled = handshake.resume(resumed, () -> {}).superseded();
          count++;
          if (!closed) {
            wantsPause = false;
            wantsSuspend = false;
            lastResume = count;
          }
        }
        case 7 -> {
          CompletableFuture<Outcome> suspended = new CompletableFuture<>();
          open.add(suspended);
          settled = handshake.suspend(suspended).superseded();
          count++;
          wantsPause |= !closed;
          wantsSuspend |= !closed;
        }
        case 8 -> {
          CompletableFuture<Outcome> drained = new CompletableFuture<>();
          open.add(drained);
          settled = handshake.pauseAndDrain(drained, i).superseded();
          count++;
          wantsPause |= !closed;
        }
        case 9 ->
            settled =
                random.nextBoolean()
                    ? handshake.drained(random.nextInt(3) == 0 ? count - 1 : count)
                    : handshake.overdue(i, "too slow");
        case 4 -> {
          TopicPartition one = random.nextBoolean() ? A : B;
          count++;
          if (random.nextBoolean()) {
            settled = handshake.pause(List.of(one), (p, paused) -> held.add(p));
            assertThat(held).contains(one);
          } else {
            open.add(resume(handshake, List.of(one), (p, paused) -> held.remove(p)));
            assertThat(held).doesNotContain(one);
          }
        }
        case 5 -> settled = handshake.polled(random.nextInt(3) == 0 ? count - 1 : count);
        default -> {
          if (random.nextInt(30) == 0) {
            handshake.close();
            closed = true;
            count++;
          }
        }
      }
      settled.forEach(
          s ->
              assertThat(open.removeIf(future -> future == s.future()))
                  .as("settled once")
                  .isTrue());
      assertThat(handshake.intent().sequence()).isEqualTo(count);
      assertThat(gate.reasons().contains(PauseReason.USER)).as("S13").isEqualTo(wantsPause);
      assertThat(handshake.intent().want())
          .isEqualTo(
              closed
                  ? Handshake.Want.CLOSE
                  : wantsSuspend
                      ? Handshake.Want.SUSPEND
                      : wantsPause ? Handshake.Want.PAUSE : Handshake.Want.RUN);
    }
    handshake
        .ended(ENDED)
        .forEach(s -> assertThat(open.removeIf(future -> future == s.future())).isTrue());
    assertThat(open).as("nobody is left waiting").isEmpty();
  }

  /** All crossings from several threads: each future exactly once, the last intent stands. */
  @Test
  void shouldCompleteEachFutureOnceAndKeepReasonAndIntentTogetherUnderContention()
      throws Exception {
    for (int round = 0; round < 50; round++) {
      PauseGate shared = new PauseGate();
      Handshake crossed = new Handshake(shared);
      Queue<CompletableFuture<Outcome>> given = new ConcurrentLinkedQueue<>();
      Queue<CompletableFuture<Outcome>> settled = new ConcurrentLinkedQueue<>();
      AtomicReference<Throwable> broken = new AtomicReference<>();
      CountDownLatch start = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      long seed = System.nanoTime();
      for (int i = 0; i < 4; i++) {
        Random random = new Random(seed + i);
        Thread thread =
            new Thread(
                () -> {
                  try {
                    start.await();
                    for (int n = 0; n < 200; n++) {
                      cross(crossed, random, given, settled);
                    }
                  } catch (Throwable thrown) {
                    broken.compareAndSet(null, thrown);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      start.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(broken.get()).as("seed %d", seed).isNull();
      Handshake.Want want = crossed.intent().want();
      assertThat(shared.reasons().contains(PauseReason.USER))
          .as("seed %d, want %s", seed, want)
          .isEqualTo(want == Handshake.Want.PAUSE);
      crossed.ended(ENDED).forEach(s -> settled.add(s.future()));
      assertThat(settled).as("seed %d", seed).hasSize(given.size());
      assertThat(new HashSet<>(settled)).as("seed %d", seed).isEqualTo(new HashSet<>(given));
    }
  }

  private static void cross(
      Handshake crossed,
      Random random,
      Queue<CompletableFuture<Outcome>> given,
      Queue<CompletableFuture<Outcome>> settled) {
    List<Handshake.Settled> now = List.of();
    switch (random.nextInt(5)) {
      case 0 -> now = crossed.pause().superseded();
      case 1 -> given.add(resume(crossed));
      case 2 -> now = crossed.pause(List.of(A), (p, paused) -> {});
      case 3 -> given.add(resume(crossed, List.of(A, B), (p, paused) -> {}));
      default -> now = crossed.polled(crossed.intent().sequence());
    }
    now.forEach(s -> settled.add(s.future()));
  }
}
