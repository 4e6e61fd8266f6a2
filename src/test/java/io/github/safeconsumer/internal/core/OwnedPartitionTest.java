package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The loop's side of an ownership: taking over, taking records in, pausing, handing over. */
class OwnedPartitionTest {
  private final PauseGate gate = new PauseGate();
  private final OwnedPartition partition = Records.active(gate, 0);

  @Test
  void shouldStartNothingBeforeItIsActive() {
    OwnedPartition acquiring = Records.acquiring(gate);
    assertThat(acquiring.isPaused()).isTrue();
    assertThat(acquiring.add(Records.at(0))).as("ignored").isTrue();
    assertThat(acquiring.status(0, 0).buffered()).isZero();
    assertThat(acquiring.work().begin(null, 0)).isNull();
    assertThat(acquiring.work().ask(3, 0, true)).isZero();

    Records.open(acquiring, 0, null);
    assertThat(acquiring.reasons()).isEmpty();
    acquiring.add(Records.at(0));
    assertThat(acquiring.work().begin(null, 0)).isNotNull();
    assertThatThrownBy(acquiring::activate).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldNotBecomeActiveBeforeItsOpeningNoteIsConfirmed() {
    OwnedPartition acquiring = Records.acquiring(gate);
    assertThatThrownBy(acquiring::activate).isInstanceOf(IllegalStateException.class);
    assertThat(acquiring.needsCommit(-1)).as("a placeholder is never committed").isFalse();
    assertThat(acquiring.progress(-1, 0)).isNull();

    acquiring.place(7, null, 0);
    assertThat(acquiring.isPlaced()).isTrue();
    assertThat(acquiring.isOpened()).isFalse();
    assertThat(acquiring.isCommitUrgent()).as("it waits for it").isTrue();
    assertThatThrownBy(acquiring::activate).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> acquiring.place(9, null, 0)).as("placed once").isNotNull();

    Progress opening = Objects.requireNonNull(acquiring.progress(-1, 0));
    assertThat(opening.offset()).isEqualTo(7);
    acquiring.confirm(opening, "note", 0);
    assertThat(acquiring.isOpened()).isTrue();
    acquiring.activate();
    assertThat(acquiring.needsCommit(-1)).as("all was said").isFalse();
  }

  @Test
  void shouldTakeNothingFromARecordBelowTheOnesReadOn() {
    assertThat(partition.add(Records.at(4, 5, 3, 6))).isFalse();
    assertThat(partition.status(0, 0).buffered()).isEqualTo(2);
    assertThat(partition.next()).isEqualTo(6);
  }

  @Test
  void shouldFinishWhatRunsButStartNothingWhileDraining() {
    partition.add(Records.range(0, 3));
    Attempt attempt = begin();
    partition.drain();

    assertThat(attempt.cancelled()).as("it is still awaited").isFalse();
    assertThat(partition.work().succeeded(attempt)).isTrue();
    assertThat(partition.work().begin(attempt.lane(), 0)).isNull();
    assertThat(partition.work().begin(null, 0)).isNull();
    assertThat(partition.watermark()).as("1 and 2 were not started").isEqualTo(1);
    partition.add(Records.at(9));
    assertThat(partition.status(0, 0).buffered())
        .as("late records are the next owner's")
        .isEqualTo(2);
  }

  @Test
  void shouldNotComeBackFromTheEnd() {
    partition.end();
    partition.drain();
    assertThat(partition.stage()).isEqualTo(OwnedPartition.Stage.ENDED);
    assertThatThrownBy(partition::activate).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> partition.place(0, null, 0)).isInstanceOf(IllegalStateException.class);
    assertThat(partition.needsCommit(100)).isFalse();
    assertThat(partition.progress(100, 0)).isNull();
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
  void shouldHoldUpToTenTimesAsManyWhereItRunsDryWhileItIsFull() {
    List<Integer> caps = new ArrayList<>();
    int next = 0;
    for (int look = 0; look < 6; look++) {
      int cap = 0;
      do {
        partition.add(Records.range(next, ++next));
        cap++;
      } while (!isFull(10, look));
      caps.add(cap);
      handle(cap);
      assertThat(isFull(10, look)).as("dry").isFalse();
    }
    assertThat(caps).containsExactly(10, 20, 40, 80, 100, 100);
  }

  @Test
  void shouldGoBackToItsCapWhenItStaysFull() {
    partition.add(Records.range(0, 10));
    assertThat(isFull(10, 0)).isTrue();
    handle(10);
    assertThat(isFull(10, 5)).isFalse();
    partition.add(Records.range(10, 29));
    assertThat(isFull(10, 6)).as("19 of 20").isFalse();
    partition.add(Records.range(29, 30));
    assertThat(isFull(10, 7)).as("20 of 20").isTrue();
    handle(8);
    assertThat(isFull(10, 106)).as("12 are more than half of 20").isTrue();
    handle(5);
    assertThat(isFull(10, 107)).as("7 are more than half of 10").isTrue();
    handle(2);
    assertThat(isFull(10, 108)).as("5").isFalse();
    partition.add(Records.range(30, 35));
    assertThat(isFull(10, 109)).as("10 of 10").isTrue();
  }

  private boolean isFull(int cap, int millis) {
    return partition.updateFull(cap, 1_000_000, false, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void shouldBeFullAtTheCapAndFlowAgainAtHalfOfIt() {
    List<Boolean> full = new ArrayList<>();
    partition.add(Records.range(0, 9));
    full.add(partition.updateFull(10, 1_000_000, false, 0));
    partition.add(Records.range(9, 10));
    full.add(partition.updateFull(10, 1_000_000, false, 0));
    handle(4);
    full.add(partition.updateFull(10, 1_000_000, false, 0));
    assertThat(partition.reasons()).containsExactly(PauseReason.PARTITION_FULL);
    handle(1);
    full.add(partition.updateFull(10, 1_000_000, false, 0));
    partition.add(Records.range(10, 14));
    full.add(partition.updateFull(10, 1_000_000, false, 0));
    assertThat(full).as("9, 10, 6, 5, 9 records").containsExactly(false, true, true, false, false);
    assertThat(partition.reasons()).isEmpty();
  }

  @Test
  void shouldBeFullByBytesTooAndWhereTheBuffersOfAllAreTight() {
    partition.add(Records.range(0, 4));
    long bytes = partition.bufferedBytes();
    assertThat(bytes).isEqualTo(4 * 100); // sizes of these records are not known (-1)
    assertThat(partition.updateFull(100, bytes, false, 0)).isTrue();
    handle(1);
    assertThat(partition.updateFull(100, bytes, false, 0)).isTrue();
    handle(1);
    assertThat(partition.updateFull(100, bytes, false, 0)).isFalse();
    assertThat(partition.updateFull(100, bytes, true, 0)).isTrue();
    handle(2);
    assertThat(partition.updateFull(100, bytes, true, 0))
        .as("an empty one may always fetch")
        .isFalse();
  }

  @Test
  void shouldBeFullBeforeTheNoteOfItsCommitsHasToLeaveSomethingOut() {
    List<Boolean> full = new ArrayList<>();
    partition.add(Records.range(0, 1)); // always one that is open: else nothing could shrink it
    for (double share : new double[] {0.74, 0.75, 0.51, 0.5, 0.7}) {
      partition.add(Records.range(partition.next(), partition.next() + 1));
      partition.confirm(Objects.requireNonNull(handledOne()), "note", share);
      full.add(partition.updateFull(10, 1_000_000, false, 0));
    }
    assertThat(full).containsExactly(false, true, true, false, false);
  }

  private Progress handledOne() {
    handle(1);
    return Objects.requireNonNull(partition.progress(-1, 0));
  }

  @Test
  void shouldLeaveTheReasonsOfOthersAloneWhenItIsFullNoMore() {
    OwnedPartition acquiring = Records.acquiring(gate);
    acquiring.setPaused(PauseReason.USER, true);
    acquiring.setPaused(PauseReason.PARTITION_FULL, true);
    acquiring.updateFull(10, 1_000_000, false, 0);
    assertThat(acquiring.reasons())
        .containsExactlyInAnyOrder(PauseReason.ACQUIRE, PauseReason.USER);
    assertThat(acquiring.lets(null)).isFalse();
    acquiring.setPaused(PauseReason.USER, false);
    assertThat(acquiring.reasons()).as("a resume").containsExactly(PauseReason.ACQUIRE);
  }

  @Test
  void shouldCommitThePositionOnlyWhileNothingIsOpen() {
    partition.add(Records.range(0, 2));
    partition.needsCommit(50);
    assertThat(partition.watermark()).isZero();
    assertThat(partition.hasOpenWork()).isTrue();
    handle(2);
    assertThat(partition.hasOpenWork()).isFalse();
    assertThat(partition.needsCommit(50)).isTrue();
    assertThat(partition.watermark()).isEqualTo(50);
    Records.confirm(partition, 0);
    assertThat(partition.confirmed()).isEqualTo(50);
    assertThat(partition.needsCommit(-1)).as("the position is not known").isFalse();
    assertThat(partition.watermark()).isEqualTo(50);
  }

  @Test
  void shouldKeepWhatIsNotConfirmedPendingUntilACommitOfItIs() {
    partition.add(Records.range(0, 3));
    handle(1);
    Progress first = Objects.requireNonNull(partition.progress(-1, 0));
    handle(1);
    partition.confirm(first, "one", 0);
    assertThat(partition.confirmed()).isEqualTo(1);
    assertThat(partition.needsCommit(-1)).as("the second is not in it").isTrue();
    Progress second = Objects.requireNonNull(partition.progress(-1, 0));
    partition.confirm(second, "two", 0);
    assertThat(partition.needsCommit(-1)).isFalse();
    partition.confirm(first, "one", 0);
    assertThat(partition.confirmed()).as("answered late").isEqualTo(2);
    assertThat(partition.saysTheSame(second, "two")).isTrue();
    assertThat(partition.saysTheSame(second, "one")).isFalse();
    assertThat(partition.saysTheSame(first, "two")).isFalse();
  }

  @Test
  void shouldReportWhereEachRecordIs() {
    OwnedPartition placed = Records.acquiring(gate);
    placed.place(0, null, 0);
    assertThat(placed.status(0, 0).committed()).isEmpty();
    partition.add(Records.range(0, 4));
    assertThat(partition.status(0, 0).buffered()).isEqualTo(4);
    Attempt attempt = begin();
    PartitionStatus status = partition.status(0, 0);
    assertThat(List.of(status.buffered(), status.inFlight())).containsExactly(3, 1);
    partition.work().park(attempt, Lane.Phase.WAITING);
    status = partition.status(0, 0);
    assertThat(List.of(status.buffered(), status.inFlight(), status.waiting()))
        .containsExactly(3, 0, 1);
    partition.stopped().shift(attempt.lane(), Lane.Phase.WAITING, Lane.Phase.SENDING);
    assertThat(partition.status(0, 0).deadLettering()).isEqualTo(1);
    partition.stopped().shift(attempt.lane(), Lane.Phase.SENDING, Lane.Phase.HELD);
    assertThat(partition.status(0, 0).blocked()).isEqualTo(1);
    assertThat(partition.stopped().heldOffset()).isZero();
    assertThat(partition.status(0, 0).lag()).isEmpty();
    partition.endOffset(9);
    assertThat(partition.status(0, 0).lag()).hasValue(9);
    assertThat(partition.status(0, 0).committed()).as("the opening note's").hasValue(0);
  }

  private Attempt begin() {
    return Objects.requireNonNull(partition.work().begin(null, 0));
  }

  private void handle(int records) {
    for (int i = 0; i < records; i++) {
      Attempt attempt = begin();
      assertThat(partition.work().succeeded(attempt)).isTrue();
      partition.work().giveBack(attempt.lane());
    }
  }
}
