package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class OwnedPartitionTest {
  private final PauseGate gate = new PauseGate();
  private final OwnedPartition partition = Records.active(gate, 0);

  @Test
  void shouldStartNothingBeforeItIsActive() {
    OwnedPartition acquiring = Records.acquiring(gate);
    assertThat(acquiring.isPaused()).isTrue();
    assertThat(acquiring.add(Records.at(0))).as("ignored").isTrue();
    assertThat(acquiring.buffered()).isZero();
    assertThat(acquiring.takeReady()).isNull();

    acquiring.activate(0);
    assertThat(acquiring.reasons()).isEmpty();
    acquiring.add(Records.at(0));
    assertThat(acquiring.takeReady()).isNotNull();
    assertThatThrownBy(() -> acquiring.activate(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldRunTheRecordsInOrderOneAtATime() {
    partition.add(Records.range(0, 3));
    Lane lane = ready();
    for (long offset = 0; offset < 3; offset++) {
      Attempt attempt = partition.begin(lane, 5);
      assertThat(attempt.record().offset()).isEqualTo(offset);
      assertThat(attempt.begunNanos()).isEqualTo(5);
      assertThat(partition.watermark()).isEqualTo(offset);
      assertThat(partition.succeeded(attempt)).isTrue();
    }
    assertThat(partition.begin(lane, 5)).isNull();
    assertThat(partition.lanePhase()).isEqualTo(Lane.Phase.IDLE);
    assertThat(partition.watermark()).isEqualTo(3);
    assertThat(partition.bufferedBytes()).isZero();
  }

  @Test
  void shouldHandTheLaneToOneWorkerOnly() {
    partition.add(Records.range(0, 3));
    Lane lane = ready();
    assertThat(partition.takeReady()).as("it is handed out already").isNull();
    Attempt attempt = partition.begin(lane, 0);
    assertThat(partition.takeReady()).isNull();
    assertThat(partition.begin(lane, 0)).as("a second attempt beside the first").isNull();
    assertThat(partition.running()).isSameAs(attempt);
    assertThat(partition.lanePhase()).isEqualTo(Lane.Phase.RUNNING);
    partition.succeeded(attempt);
  }

  @Test
  void shouldNotStartALaneThatIsParked() {
    for (Lane.Phase parked : List.of(Lane.Phase.WAITING, Lane.Phase.SENDING, Lane.Phase.HELD)) {
      OwnedPartition owned = Records.active(gate, 0);
      owned.add(Records.range(0, 3));
      Lane lane = owned.takeReady();
      owned.park(owned.begin(lane, 0), parked);
      assertThat(owned.takeReady()).isNull();
      assertThat(owned.begin(lane, 0)).as("%s", parked).isNull();
      assertThat(owned.lanePhase()).isEqualTo(parked);
      assertThat(owned.running()).isNull();
    }
  }

  @Test
  void shouldTakeNothingFromARecordBelowTheOnesReadOn() {
    assertThat(partition.add(Records.at(4, 5, 3, 6))).isFalse();
    assertThat(partition.buffered()).isEqualTo(2);
    assertThat(partition.next()).isEqualTo(6);
  }

  @Test
  void shouldIgnoreEveryReportOfAnAttemptThatIsNotTheCurrentOne() {
    partition.add(Records.range(0, 3));
    Lane lane = ready();
    Attempt first = partition.begin(lane, 0);
    partition.succeeded(first);
    Attempt second = partition.begin(lane, 0);

    assertThat(partition.succeeded(first)).as("reported twice").isFalse();
    assertThat(partition.historyFor(first)).isNull();
    assertThat(partition.park(first, Lane.Phase.HELD)).isFalse();
    assertThat(partition.running()).isSameAs(second);
    assertThat(partition.watermark()).isEqualTo(1);
    assertThat(partition.lanePhase()).isEqualTo(Lane.Phase.RUNNING);
  }

  @Test
  void shouldChangeNothingByReportsAfterTheOwnershipEnded() {
    for (Lane.Phase phase : List.of(Lane.Phase.RUNNING, Lane.Phase.WAITING, Lane.Phase.SENDING)) {
      OwnedPartition owned = Records.active(gate, 0);
      owned.add(Records.range(0, 3));
      Lane lane = owned.takeReady();
      Attempt attempt = owned.begin(lane, 0);
      owned.historyFor(attempt);
      if (phase != Lane.Phase.RUNNING) {
        owned.park(attempt, phase);
      }
      owned.end();

      assertThat(attempt.cancelled()).isTrue();
      assertThat(owned.succeeded(attempt)).isFalse();
      assertThat(owned.historyFor(attempt)).isNull();
      assertThat(owned.park(attempt, Lane.Phase.HELD)).isFalse();
      assertThat(owned.shift(lane, phase, Lane.Phase.HELD)).isFalse();
      assertThat(owned.buried(lane)).isFalse();
      assertThat(owned.begin(lane, 0)).isNull();
      assertThat(owned.takeReady()).isNull();
      assertThat(owned.add(Records.at(7))).isTrue();
      assertThat(owned.buffered()).isZero();
      assertThat(owned.watermark(100)).as("nothing more may be committed").isZero();
    }
  }

  @Test
  void shouldTakeAStartBackWhoseOwnershipEndedBeforeTheHandlerWasEntered() {
    partition.add(Records.range(0, 1));
    Attempt attempt = partition.begin(ready(), 0);
    assertThat(partition.withdraw(attempt)).as("nothing speaks against it").isFalse();

    partition.end();

    assertThat(partition.looksOpen()).isFalse();
    assertThat(partition.withdraw(attempt)).as("the record is the next owner's").isTrue();
  }

  @Test
  void shouldFinishWhatRunsButStartNothingWhileDraining() {
    partition.add(Records.range(0, 3));
    Lane lane = ready();
    Attempt attempt = partition.begin(lane, 0);
    partition.drain();

    assertThat(attempt.cancelled()).as("it is still awaited").isFalse();
    assertThat(partition.succeeded(attempt)).isTrue();
    assertThat(partition.begin(lane, 0)).isNull();
    assertThat(partition.takeReady()).isNull();
    assertThat(partition.watermark(3)).as("1 and 2 were not started").isEqualTo(1);
    partition.add(Records.at(9));
    assertThat(partition.buffered()).as("late records are the next owner's").isEqualTo(2);
  }

  @Test
  void shouldGiveALaneThatWasReadyWhenTheDrainBeganBack() {
    partition.add(Records.range(0, 3));
    Lane lane = ready();
    partition.drain();
    assertThat(partition.begin(lane, 0)).isNull();
    assertThat(partition.lanePhase()).isEqualTo(Lane.Phase.IDLE);
  }

  @Test
  void shouldNotComeBackFromTheEnd() {
    partition.end();
    partition.drain();
    assertThat(partition.stage()).isEqualTo(OwnedPartition.Stage.ENDED);
    assertThatThrownBy(() -> partition.activate(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldCountAttemptsByWhatWasCharged() {
    partition.add(Records.range(0, 1));
    Lane lane = ready();
    for (int number = 1; number <= 3; number++) {
      Attempt attempt = partition.begin(lane, 0);
      assertThat(attempt.attempt()).isEqualTo(number);
      assertThat(attempt.lastAttempt()).as("3 are allowed").isEqualTo(number == 3);
      assertThat(attempt.firstFailureAt().isPresent()).isEqualTo(number > 1);
      FailureHistory history = partition.historyFor(attempt);
      history.firstFailureMillis = 1;
      history.charged++;
      partition.park(attempt, Lane.Phase.WAITING);
      assertThat(partition.shift(lane, Lane.Phase.WAITING, Lane.Phase.READY)).isTrue();
    }
  }

  @Test
  void shouldNotForgetFailedAttemptsForTheSuccessOfAnotherPartition() {
    partition.add(Records.range(0, 1));
    Lane failing = ready();
    for (int number = 1; number <= 3; number++) {
      Attempt attempt = partition.begin(failing, 0);
      assertThat(attempt.attempt()).isEqualTo(number);
      partition.historyFor(attempt).charged++;
      partition.park(attempt, Lane.Phase.WAITING);
      OwnedPartition healthy = Records.active(gate, 0);
      healthy.add(Records.range(0, 1));
      healthy.succeeded(healthy.begin(healthy.takeReady(), 0));
      partition.shift(failing, Lane.Phase.WAITING, Lane.Phase.READY);
    }
  }

  @Test
  void shouldForgetTheHistoryOfARecordThatIsDone() {
    partition.add(Records.range(0, 2));
    Lane lane = ready();
    Attempt attempt = partition.begin(lane, 0);
    partition.historyFor(attempt).charged = 2;
    partition.succeeded(attempt);
    assertThat(partition.begin(lane, 0).attempt()).isEqualTo(1);
  }

  @Test
  void shouldMoveOnlyALaneThatIsWhereItIsBelieved() {
    partition.add(Records.range(0, 2));
    Lane lane = ready();
    assertThat(partition.shift(lane, Lane.Phase.WAITING, Lane.Phase.READY)).isFalse();
    assertThat(partition.buried(lane)).isFalse();
    Attempt attempt = partition.begin(lane, 0);
    partition.park(attempt, Lane.Phase.SENDING);
    assertThat(partition.isSending()).isTrue();
    assertThat(partition.watermark()).as("not acknowledged").isZero();
    assertThat(partition.buried(lane)).isTrue();
    assertThat(partition.buried(lane)).as("once").isFalse();
    assertThat(partition.watermark()).isEqualTo(1);
    assertThat(partition.takeReady()).as("goes on").isSameAs(lane);
  }

  @Test
  void shouldKeepTheLaneWithWorkWhenItIsGivenBackForFairness() {
    partition.add(Records.range(0, 2));
    Lane lane = ready();
    partition.succeeded(partition.begin(lane, 0));
    assertThat(partition.yieldLane(lane)).isTrue();
    assertThat(partition.lanePhase()).isEqualTo(Lane.Phase.READY);
    partition.succeeded(partition.begin(lane, 0));
    assertThat(partition.yieldLane(lane)).as("nothing left").isFalse();
    assertThat(partition.lanePhase()).isEqualTo(Lane.Phase.IDLE);
  }

  @Test
  void shouldStartOnlyWhileNeitherTheConsumerNorTheCallerPausesIt() {
    partition.add(Records.range(0, 5));
    for (PauseReason reason : PauseReason.values()) {
      partition.setPaused(reason, true);
      assertThat(partition.isPaused()).isTrue();
      Lane lane = partition.takeReady();
      if (reason == PauseReason.USER) {
        assertThat(lane).isNull();
      } else {
        assertThat(lane).as("%s stops fetching only", reason).isNotNull();
        Attempt attempt = partition.begin(lane, 0);
        partition.succeeded(attempt);
        partition.yieldLane(lane);
        partition.setPaused(PauseReason.USER, true);
        assertThat(partition.begin(lane, 0)).isNull();
        partition.setPaused(PauseReason.USER, false);
      }
      partition.setPaused(reason, false);
    }
    gate.close(PauseReason.FLOOD);
    assertThat(partition.takeReady()).isNull();
  }

  @Test
  void shouldBePausedExactlyWhileAReasonIsSet() {
    Seeds.each(
        20,
        random -> {
          OwnedPartition owned = Records.active(new PauseGate(), 0);
          Set<PauseReason> model = EnumSet.noneOf(PauseReason.class);
          for (int i = 0; i < 100; i++) {
            PauseReason reason = Records.any(PauseReason.values(), random);
            boolean on = random.nextBoolean();
            assertThat(owned.setPaused(reason, on))
                .isEqualTo(on ? model.add(reason) : model.remove(reason));
            assertThat(owned.reasons()).isEqualTo(model);
            assertThat(owned.isPaused()).isEqualTo(!model.isEmpty());
          }
        });
  }

  @Test
  void shouldBeFullAtTheCapAndFlowAgainAtHalfOfIt() {
    List<Boolean> full = new ArrayList<>();
    partition.add(Records.range(0, 9));
    full.add(partition.updateFull(10, 1_000_000, false));
    partition.add(Records.range(9, 10));
    full.add(partition.updateFull(10, 1_000_000, false));
    handle(4);
    full.add(partition.updateFull(10, 1_000_000, false));
    assertThat(partition.reasons()).containsExactly(PauseReason.PARTITION_FULL);
    handle(1);
    full.add(partition.updateFull(10, 1_000_000, false));
    partition.add(Records.range(10, 14));
    full.add(partition.updateFull(10, 1_000_000, false));
    assertThat(full).as("9, 10, 6, 5, 9 records").containsExactly(false, true, true, false, false);
    assertThat(partition.reasons()).isEmpty();
  }

  @Test
  void shouldBeFullByBytesTooAndWhereTheBuffersOfAllAreTight() {
    partition.add(Records.range(0, 4));
    long bytes = partition.bufferedBytes();
    assertThat(bytes).isEqualTo(4 * 100); // sizes of these records are not known (-1)
    assertThat(partition.updateFull(100, bytes, false)).isTrue();
    handle(1);
    assertThat(partition.updateFull(100, bytes, false)).isTrue();
    handle(1);
    assertThat(partition.updateFull(100, bytes, false)).isFalse();
    assertThat(partition.updateFull(100, bytes, true)).isTrue();
    handle(2);
    assertThat(partition.updateFull(100, bytes, true))
        .as("an empty one may always fetch")
        .isFalse();
  }

  @Test
  void shouldLeaveTheReasonsOfOthersAloneWhenItIsFullNoMore() {
    OwnedPartition acquiring = Records.acquiring(gate);
    acquiring.setPaused(PauseReason.USER, true);
    acquiring.setPaused(PauseReason.PARTITION_FULL, true);
    acquiring.updateFull(10, 1_000_000, false);
    assertThat(acquiring.reasons())
        .containsExactlyInAnyOrder(PauseReason.ACQUIRE, PauseReason.USER);
    assertThat(acquiring.looksOpen()).isFalse();
    acquiring.setPaused(PauseReason.USER, false);
    assertThat(acquiring.reasons()).as("a resume").containsExactly(PauseReason.ACQUIRE);
  }

  @Test
  void shouldSeeAPauseThatCameWhileAStartWaitedForTheLock() throws Exception {
    partition.add(Records.range(0, 1));
    Lane lane = ready();
    AtomicReference<Attempt> begun = new AtomicReference<>();
    Thread worker = new Thread(() -> begun.set(partition.begin(lane, 0)));
    synchronized (partition) {
      worker.start();
      untilBlocked(worker);
      gate.close(PauseReason.USER);
    }
    worker.join();
    assertThat(begun.get()).as("started after the pause was seen by all").isNull();
  }

  @Test
  void shouldNotPassTheBarrierWhileAStartIsUnderWay() throws Exception {
    Thread pausing = new Thread(partition::passBarrier);
    synchronized (partition) {
      pausing.start();
      untilBlocked(pausing);
      assertThat(pausing.getState()).isEqualTo(Thread.State.BLOCKED);
    }
    pausing.join();
  }

  /** Or over: then it did not wait for the lock. */
  private static void untilBlocked(Thread thread) {
    while (thread.getState() != Thread.State.BLOCKED
        && thread.getState() != Thread.State.TERMINATED) {
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldCommitThePositionOnlyWhileNothingIsOpen() {
    partition.add(Records.range(0, 2));
    assertThat(partition.watermark(50)).isZero();
    assertThat(partition.hasOpenWork()).isTrue();
    handle(2);
    assertThat(partition.hasOpenWork()).isFalse();
    assertThat(partition.watermark(50)).isEqualTo(50);
    assertThat(partition.watermark(-1)).as("not known").isEqualTo(50);
  }

  @Test
  void shouldReportWhereEachRecordIs() {
    partition.add(Records.range(0, 4));
    assertThat(partition.status().buffered()).isEqualTo(4);
    Lane lane = ready();
    Attempt attempt = partition.begin(lane, 0);
    PartitionStatus status = partition.status();
    assertThat(List.of(status.buffered(), status.inFlight())).containsExactly(3, 1);
    partition.park(attempt, Lane.Phase.WAITING);
    status = partition.status();
    assertThat(List.of(status.buffered(), status.inFlight(), status.waiting()))
        .containsExactly(3, 0, 1);
    partition.shift(lane, Lane.Phase.WAITING, Lane.Phase.SENDING);
    assertThat(partition.status().deadLettering()).isEqualTo(1);
    partition.shift(lane, Lane.Phase.SENDING, Lane.Phase.HELD);
    assertThat(partition.status().blocked()).isEqualTo(1);
    assertThat(partition.heldOffset()).isZero();
    assertThat(partition.status().lag()).isEmpty();
    partition.endOffset(9);
    assertThat(partition.status().lag()).hasValue(9);
    assertThat(partition.status().committed()).isEmpty();
    partition.confirm(0);
    assertThat(partition.status().committed()).hasValue(0);
  }

  /** S5 and S10 with real threads: the oracle counts under the partition's own lock. */
  @Test
  void shouldStartNothingAfterTheBarrierNorTwoAttemptsOfOneLaneAtOnce() throws Exception {
    int rounds = Integer.getInteger("test.rounds", 2_000);
    OwnedPartition owned = Records.active(gate, 0);
    AtomicInteger inside = new AtomicInteger();
    AtomicReference<Throwable> broken = new AtomicReference<>();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread worker = new Thread(() -> work(owned, inside, broken), "worker-" + i);
      worker.start();
      workers.add(worker);
    }
    long next = 0;
    try {
      for (int round = 0; round < rounds && broken.get() == null; round++) {
        List<ConsumerRecord<byte[], byte[]>> more = Records.range(next, next + 20);
        next += 20;
        owned.add(more);
        if (round % 3 == 0) {
          Thread.onSpinWait();
        }
        boolean whole = round % 2 == 0;
        if (whole) {
          gate.close(PauseReason.USER);
          owned.passBarrier();
        } else {
          owned.setPaused(PauseReason.USER, true);
        }
        PartitionStatus paused = owned.status();
        int left;
        synchronized (owned) { // the lock of the partition: one consistent look
          left = owned.buffered() - (owned.running() == null ? 0 : 1);
        }
        while (owned.running() != null) {
          Thread.onSpinWait();
        }
        for (int look = 0; look < 20; look++) {
          assertThat(owned.buffered()).as("round %d, %s", round, paused).isEqualTo(left);
          Thread.onSpinWait();
        }
        if (whole) {
          gate.open(PauseReason.USER);
        } else {
          owned.setPaused(PauseReason.USER, false);
        }
      }
    } finally {
      owned.end();
      for (Thread worker : workers) {
        worker.join();
      }
    }
    assertThat(broken.get()).isNull();
  }

  private static void work(
      OwnedPartition owned, AtomicInteger inside, AtomicReference<Throwable> broken) {
    try {
      while (!owned.isEnded()) {
        Lane lane = owned.takeReady();
        if (lane == null) {
          Thread.onSpinWait();
          continue;
        }
        for (Attempt attempt = owned.begin(lane, 0);
            attempt != null;
            attempt = owned.begin(lane, 0)) {
          if (inside.incrementAndGet() != 1) {
            throw new AssertionError("two attempts of one lane at once");
          }
          inside.decrementAndGet();
          if (!owned.succeeded(attempt)) {
            break;
          }
        }
      }
    } catch (Throwable thrown) {
      broken.compareAndSet(null, thrown);
    }
  }

  private Lane ready() {
    Lane lane = partition.takeReady();
    assertThat(lane).isNotNull();
    return lane;
  }

  private void handle(int records) {
    Lane lane = ready();
    for (int i = 0; i < records; i++) {
      assertThat(partition.succeeded(partition.begin(lane, 0))).isTrue();
    }
    partition.yieldLane(lane);
    if (partition.lanePhase() == Lane.Phase.READY) {
      // back to IDLE, as a worker does that finds the gate closed
      gate.close(PauseReason.USER);
      partition.begin(lane, 0);
      gate.open(PauseReason.USER);
    }
  }
}
