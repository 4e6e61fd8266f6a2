package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** The workers' side of an ownership, record by record in one lane. */
class PartitionWorkTest {
  private final PauseGate gate = new PauseGate();
  private final OwnedPartition partition = Records.active(gate, 0);
  private final PartitionWork work = partition.work();

  @Test
  void shouldRunTheRecordsInOrderOneAtATime() {
    partition.add(Records.range(0, 3));
    Lane lane = null;
    for (long offset = 0; offset < 3; offset++) {
      Attempt attempt = Objects.requireNonNull(work.begin(lane, 5));
      assertThat(attempt.record().offset()).isEqualTo(offset);
      assertThat(attempt.begunNanos()).isEqualTo(5);
      assertThat(partition.watermark()).isEqualTo(offset);
      assertThat(work.succeeded(attempt)).isTrue();
      lane = attempt.lane();
    }
    assertThat(work.begin(lane, 5)).isNull();
    assertThat(lane.phase()).isEqualTo(Lane.Phase.IDLE);
    assertThat(partition.watermark()).isEqualTo(3);
    assertThat(partition.bufferedBytes()).isZero();
  }

  @Test
  void shouldHandTheLaneToOneWorkerOnly() {
    partition.add(Records.range(0, 3));
    Attempt attempt = begin();
    assertThat(work.begin(null, 0)).as("another worker").isNull();
    assertThat(work.hasReady()).isFalse();
    assertThat(work.begin(attempt.lane(), 0)).as("a second attempt beside the first").isNull();
    assertThat(work.running()).containsExactly(attempt);
    assertThat(attempt.lane().phase()).isEqualTo(Lane.Phase.RUNNING);
    work.succeeded(attempt);
    assertThat(work.begin(null, 0)).as("its worker goes on with the lane").isNull();
    assertThat(work.begin(attempt.lane(), 0)).isNotNull();
  }

  /**
   * A pause comes between the start and the handler, and a resume before the last look: the attempt
   * goes on, and its end must be booked though it is no part of a run any more.
   */
  @Test
  void shouldBookWhatGoesOnAfterAPauseThatWasTakenBackAtTheLastLook() {
    partition.add(Records.range(0, 3));
    Attempt attempt = Objects.requireNonNull(work.begin(null, true, 0));
    assertThat(attempt.run).as("several records in a row are a run").isNotNull();
    assertThat(work.withdraw(attempt)).as("nothing speaks against it any more").isFalse();

    assertThat(work.returned(attempt)).isTrue();
    assertThat(work.goOn(attempt, 0)).isNull();
    Attempt next = Objects.requireNonNull(work.begin(attempt.lane(), true, 0));
    assertThat(next.record().offset()).isEqualTo(1);
    assertThat(partition.watermark()).isEqualTo(1);
    assertThat(work.runningCount()).isEqualTo(1);
  }

  @Test
  void shouldNotStartALaneThatIsParked() {
    for (Lane.Phase parked : List.of(Lane.Phase.WAITING, Lane.Phase.SENDING, Lane.Phase.HELD)) {
      OwnedPartition owned = Records.active(gate, 0);
      owned.add(Records.range(0, 3));
      Attempt attempt = Objects.requireNonNull(owned.work().begin(null, 0));
      assertThat(owned.work().park(attempt, parked)).isTrue();
      assertThat(owned.work().hasReady()).isFalse();
      assertThat(owned.work().begin(attempt.lane(), 0)).as("%s", parked).isNull();
      assertThat(owned.work().begin(null, 0)).as("%s", parked).isNull();
      assertThat(attempt.lane().phase()).isEqualTo(parked);
      assertThat(owned.work().running()).isEmpty();
    }
  }

  @Test
  void shouldIgnoreEveryReportOfAnAttemptThatIsNotTheCurrentOne() {
    partition.add(Records.range(0, 3));
    Attempt first = begin();
    work.succeeded(first);
    Attempt second = Objects.requireNonNull(work.begin(first.lane(), 0));

    assertThat(work.succeeded(first)).as("reported twice").isFalse();
    assertThat(work.historyFor(first)).isNull();
    assertThat(work.park(first, Lane.Phase.HELD)).isFalse();
    assertThat(work.withdraw(first)).isFalse();
    assertThat(work.running()).containsExactly(second);
    assertThat(partition.watermark()).isEqualTo(1);
    assertThat(second.lane().phase()).isEqualTo(Lane.Phase.RUNNING);
  }

  @Test
  void shouldChangeNothingByReportsAfterTheOwnershipEnded() {
    for (Lane.Phase phase : List.of(Lane.Phase.RUNNING, Lane.Phase.WAITING, Lane.Phase.SENDING)) {
      OwnedPartition owned = Records.active(gate, 0);
      PartitionWork its = owned.work();
      owned.add(Records.range(0, 3));
      Attempt attempt = Objects.requireNonNull(its.begin(null, 0));
      Lane lane = attempt.lane();
      its.historyFor(attempt);
      if (phase != Lane.Phase.RUNNING) {
        its.park(attempt, phase);
      }
      owned.end();

      assertThat(attempt.cancelled()).isTrue();
      assertThat(its.succeeded(attempt)).isFalse();
      assertThat(its.historyFor(attempt)).isNull();
      assertThat(its.park(attempt, Lane.Phase.HELD)).isFalse();
      assertThat(owned.stopped().shift(lane, phase, Lane.Phase.HELD)).isFalse();
      assertThat(owned.stopped().buried(lane)).isFalse();
      assertThat(its.begin(lane, 0)).isNull();
      assertThat(its.begin(null, 0)).isNull();
      assertThat(its.ask(3, 0, true)).isZero();
      assertThat(its.giveWay(lane, 0)).isFalse();
      assertThat(owned.add(Records.at(7))).isTrue();
      assertThat(owned.next()).isEqualTo(3);
      assertThat(owned.progress(100, 0)).as("nothing more may be committed").isNull();
      assertThat(owned.watermark()).isZero();
    }
  }

  @Test
  void shouldTakeAStartBackWhoseOwnershipEndedBeforeTheHandlerWasEntered() {
    partition.add(Records.range(0, 1));
    Attempt attempt = begin();
    assertThat(work.withdraw(attempt)).as("nothing speaks against it").isFalse();

    partition.end();

    assertThat(partition.lets(null)).isFalse();
    assertThat(work.withdraw(attempt)).as("the record is the next owner's").isTrue();
    assertThat(work.running()).isEmpty();
  }

  @Test
  void shouldTakeAStartBackThatAPauseOvertookAndStartItAgainLater() {
    partition.add(Records.range(0, 2));
    Attempt attempt = begin();
    gate.close(PauseReason.USER);
    assertThat(work.withdraw(attempt)).isTrue();
    assertThat(partition.status(0, 0).buffered()).isEqualTo(2);
    assertThat(work.begin(null, 0)).isNull();
    gate.open(PauseReason.USER);
    assertThat(begin().record().offset()).isZero();
  }

  @Test
  void shouldGiveALaneThatWasTakenWhenTheDrainBeganBack() {
    partition.add(Records.range(0, 3));
    Attempt attempt = begin();
    work.succeeded(attempt);
    partition.drain();
    assertThat(work.begin(attempt.lane(), 0)).isNull();
    assertThat(attempt.lane().phase()).isEqualTo(Lane.Phase.READY);
    assertThat(partition.isBusy(0)).as("nothing of it is with a worker").isFalse();
  }

  @Test
  void shouldCountAttemptsByWhatWasCharged() {
    partition.add(Records.range(0, 1));
    for (int number = 1; number <= 3; number++) {
      Attempt attempt = begin();
      assertThat(attempt.attempt()).isEqualTo(number);
      assertThat(attempt.lastAttempt()).as("3 are allowed").isEqualTo(number == 3);
      assertThat(attempt.firstFailureAt().isPresent()).isEqualTo(number > 1);
      fail(attempt);
      assertThat(partition.stopped().shift(attempt.lane(), Lane.Phase.WAITING, Lane.Phase.READY))
          .isTrue();
    }
  }

  @Test
  void shouldNotForgetFailedAttemptsForTheSuccessOfAnotherPartition() {
    partition.add(Records.range(0, 1));
    for (int number = 1; number <= 3; number++) {
      Attempt attempt = begin();
      assertThat(attempt.attempt()).isEqualTo(number);
      fail(attempt);
      OwnedPartition healthy = Records.active(gate, 0);
      healthy.add(Records.range(0, 1));
      healthy.work().succeeded(healthy.work().begin(null, 0));
      partition.stopped().shift(attempt.lane(), Lane.Phase.WAITING, Lane.Phase.READY);
    }
  }

  @Test
  void shouldNotForgetFailedAttemptsForTheSuccessOfAnotherLane() {
    OwnedPartition unordered = Records.active(gate, Ordering.UNORDERED, 0);
    unordered.add(Records.range(0, 5));
    Attempt attempt = Objects.requireNonNull(unordered.work().begin(null, 0));
    for (int number = 1; number <= 3; number++) {
      assertThat(attempt.attempt()).isEqualTo(number);
      FailureHistory history = unordered.work().historyFor(attempt);
      history.charged++;
      unordered.work().park(attempt, Lane.Phase.WAITING);
      Attempt other = Objects.requireNonNull(unordered.work().begin(null, 0));
      assertThat(other.attempt()).isEqualTo(1);
      unordered.work().succeeded(other);
      unordered.work().giveBack(other.lane());
      unordered.stopped().shift(attempt.lane(), Lane.Phase.WAITING, Lane.Phase.READY);
      attempt = Objects.requireNonNull(unordered.work().begin(null, 0));
      assertThat(attempt.record().offset()).as("the oldest goes first").isZero();
    }
  }

  @Test
  void shouldForgetTheHistoryOfARecordThatIsDone() {
    partition.add(Records.range(0, 2));
    Attempt attempt = begin();
    work.historyFor(attempt).charged = 2;
    work.succeeded(attempt);
    assertThat(work.begin(attempt.lane(), 0).attempt()).isEqualTo(1);
  }

  @Test
  void shouldMoveOnlyALaneThatIsWhereItIsBelieved() {
    partition.add(Records.range(0, 2));
    Attempt attempt = begin();
    Lane lane = attempt.lane();
    assertThat(partition.stopped().shift(lane, Lane.Phase.WAITING, Lane.Phase.READY)).isFalse();
    assertThat(partition.stopped().buried(lane)).isFalse();
    work.park(attempt, Lane.Phase.SENDING);
    assertThat(partition.status(0, 0).deadLettering()).isEqualTo(1);
    assertThat(partition.watermark()).as("not acknowledged").isZero();
    assertThat(partition.stopped().buried(lane)).isTrue();
    assertThat(partition.stopped().buried(lane)).as("once").isFalse();
    assertThat(partition.watermark()).isEqualTo(1);
    assertThat(begin().lane()).as("goes on").isSameAs(lane);
  }

  @Test
  void shouldKeepTheLaneWithWorkWhenItIsGivenBackForFairness() {
    partition.add(Records.range(0, 2));
    Attempt attempt = begin();
    work.succeeded(attempt);
    assertThat(work.giveWay(attempt.lane(), 0)).isTrue();
    assertThat(attempt.lane().phase()).isEqualTo(Lane.Phase.READY);
    work.came();
    attempt = begin();
    work.succeeded(attempt);
    assertThat(work.giveWay(attempt.lane(), 0)).as("nothing left").isFalse();
    assertThat(attempt.lane().phase()).isEqualTo(Lane.Phase.IDLE);
  }

  @Test
  void shouldLetTheOthersGoFirstWhenALaneIsGivenBackForFairness() {
    OwnedPartition byKey = Records.active(gate, Ordering.KEY, 0);
    byKey.add(List.of(Records.keyed("a", 0), Records.keyed("a", 1), Records.keyed("b", 2)));
    Attempt attempt = Objects.requireNonNull(byKey.work().begin(null, 0));
    byKey.work().succeeded(attempt);
    byKey.work().giveWay(attempt.lane(), 0);
    assertThat(byKey.work().begin(null, 0).record().offset()).isEqualTo(2);
  }

  @Test
  void shouldStartOnlyWhileNeitherTheConsumerNorTheCallerPausesIt() {
    partition.add(Records.range(0, 10));
    for (PauseReason reason : PauseReason.values()) {
      partition.setPaused(reason, true);
      assertThat(partition.isPaused()).isTrue();
      if (reason == PauseReason.USER) {
        assertThat(work.begin(null, 0)).isNull();
      } else {
        Attempt attempt = work.begin(null, 0);
        assertThat(attempt).as("%s stops fetching only", reason).isNotNull();
        work.succeeded(attempt);
        work.giveWay(attempt.lane(), 0);
        partition.setPaused(PauseReason.USER, true);
        assertThat(work.begin(null, 0)).isNull();
        partition.setPaused(PauseReason.USER, false);
      }
      partition.setPaused(reason, false);
    }
    gate.close(PauseReason.FLOOD);
    assertThat(work.begin(null, 0)).isNull();
    assertThat(work.ask(3, 0, true)).isZero();
  }

  @Test
  void shouldHoldALaneWhereverItIs() {
    for (Lane.Phase phase :
        List.of(Lane.Phase.READY, Lane.Phase.RUNNING, Lane.Phase.WAITING, Lane.Phase.SENDING)) {
      OwnedPartition owned = Records.active(gate, 0);
      PartitionWork its = owned.work();
      owned.add(Records.range(0, 2));
      Attempt attempt = Objects.requireNonNull(its.begin(null, 0));
      if (phase == Lane.Phase.READY) {
        gate.close(PauseReason.USER);
        its.withdraw(attempt);
        gate.open(PauseReason.USER);
      } else if (phase != Lane.Phase.RUNNING) {
        its.park(attempt, phase);
      }
      assertThat(owned.stopped().hold(attempt.lane(), "a test")).as("%s", phase).isZero();
      assertThat(its.begin(null, 0)).as("%s", phase).isNull();
      assertThat(its.succeeded(attempt)).as("%s", phase).isFalse();
      assertThat(owned.stopped().heldOffset()).isZero();
      PartitionStatus status = owned.status(0, 0);
      assertThat(
              List.of(
                  status.buffered(),
                  status.inFlight(),
                  status.waiting(),
                  status.deadLettering(),
                  status.blocked()))
          .as("%s", phase)
          .containsExactly(1, 0, 0, 0, 1);
    }
  }

  private Attempt begin() {
    return Objects.requireNonNull(work.begin(null, 0));
  }

  private void fail(Attempt attempt) {
    FailureHistory history = work.historyFor(attempt);
    history.firstFailureMillis = 1;
    history.charged++;
    work.park(attempt, Lane.Phase.WAITING);
  }

  @Test
  void shouldLetTheLoopRestWhileWhatMayStartWaitsForAWorker() {
    OwnedPartition busy = Records.active(new PauseGate(), Ordering.UNORDERED, 0);
    busy.add(Records.range(0, 10));
    assertThat(busy.work().ask(3, 0, true)).isPositive();
    assertThat(busy.work().nanosToStart(0, 100)).as("no turn without a rest").isEqualTo(100);
  }

  @Test
  void shouldWakeTheLoopWhenTheRateLetsTheNextRecordStart() {
    Admission admission = Admission.unbounded();
    admission.perSecond(1_000_000_000.0 / 50, 0);
    OwnedPartition limited = Records.active(new PauseGate(), Ordering.UNORDERED, 0, admission);
    limited.add(Records.range(0, 10));
    limited.work().ask(3, 0, true);
    assertThat(limited.work().begin(null, 0)).as("one start").isNotNull();
    assertThat(limited.work().nanosToStart(0, 100)).isEqualTo(50);
  }

  @Test
  void shouldEndARunWhenARateLimitIsSetMeanwhile() {
    Admission admission = Admission.unbounded();
    OwnedPartition partition = Records.active(new PauseGate(), Ordering.PARTITION, 0, admission);
    partition.add(Records.range(0, 10));
    partition.work().ask(1, 0, true);
    Attempt first = partition.work().begin(null, true, 0);
    partition.work().returned(first);
    Attempt second = partition.work().goOn(first, 0);
    assertThat(second).as("without a limit").isNotNull();
    partition.work().returned(second);
    admission.perSecond(1, 0);
    assertThat(partition.work().goOn(second, 0)).isNull();
    assertThat(partition.watermark()).as("what was done of the run").isEqualTo(2);
  }

  @Test
  void shouldLetNobodyElseStartBeforeTheOneWhoseTurnItIs() {
    Admission admission = Admission.unbounded();
    admission.perSecond(1, 0);
    OwnedPartition one = Records.active(new PauseGate(), Ordering.UNORDERED, 0, admission);
    OwnedPartition other = Records.active(new PauseGate(), Ordering.UNORDERED, 0, admission);
    one.add(Records.range(0, 10));
    other.add(Records.range(0, 10));
    one.work().ask(1, 0, true);
    other.work().ask(1, 0, true);
    one.work().takeTurn();
    assertThat(other.work().begin(null, 0)).as("it has to wait").isNull();
    assertThat(other.work().nanosToStart(0, 100)).as("for the other one").isEqualTo(100);
    assertThat(one.work().hadTurn()).isFalse();
    assertThat(one.work().begin(null, 0)).isNotNull();
    assertThat(one.work().hadTurn()).isTrue();
    assertThat(other.work().begin(null, 1_000_000_000L)).as("anybody's turn").isNotNull();
  }

  @Test
  void shouldAdmitOtherKeysBesideOneThatIsSlowAndHasMany() {
    long latency = 10_000_000;
    Admission admission =
        new Admission(new Admission.Limits(1_000 * latency, latency, 2, latency, 1));
    OwnedPartition partition = Records.active(new PauseGate(), Ordering.KEY, 0, admission);
    List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
    for (int offset = 0; offset < 500; offset++) {
      polled.add(Records.keyed("slow", offset));
    }
    polled.add(Records.keyed("other", 500));
    partition.add(polled);
    Records.withoutLease(partition);
    assertThat(partition.work().begin(null, 0)).isNotNull();
    for (int turn = 0; turn < 250; turn++) {
      admission.roundBegins();
      partition.work().ask(2, 0, true);
    }
    Attempt beside = partition.work().begin(null, 0);
    assertThat(beside).as("the slow key holds nothing but itself").isNotNull();
    assertThat(beside.record().offset()).isEqualTo(500);
  }
}
