package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import io.github.safeconsumer.internal.metadata.RetryEntry.Fate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the last confirmed commit said is where the next owner goes on, exactly. */
class NextOwnerTest {
  private final PauseGate gate = new PauseGate();

  @Test
  void shouldGoOnExactlyWhereTheConfirmedCommitsOfAllOwnersBeforeStood() {
    for (Ordering ordering : Ordering.values()) {
      Seeds.each(
          60,
          random -> {
            OwnersModel model = new OwnersModel(ordering, random);
            for (int owner = 0; owner < 8; owner++) {
              model.live(random.nextInt(80));
            }
            model.finish();
          });
    }
  }

  @Test
  void shouldNotStartAgainWhatIsDoneBeyondTheWatermark() {
    OwnedPartition first = Records.active(gate, Ordering.UNORDERED, 0);
    first.add(Records.range(0, 4));
    first.work().begin(null, 0); // 0 hangs
    Attempt other = Objects.requireNonNull(first.work().begin(null, 0));
    first.work().succeeded(other);

    OwnedPartition second = next(first, Ordering.UNORDERED);
    second.add(Records.range(0, 4));
    assertThat(begin(second).record().offset()).isZero();
    assertThat(begin(second).record().offset()).isEqualTo(2);
    assertThat(begin(second).record().offset()).isEqualTo(3);
    assertThat(second.work().begin(null, 0)).isNull();
  }

  @Test
  void shouldCarryOnWhatIsSaidOfRecordsThatWereNotPolledYet() {
    RetryEntry far = new RetryEntry(50, 2, 10, 7, Fate.RETRYING);
    OwnedPartition first = Records.acquiring(gate, Ordering.KEY);
    OffsetRange done = new OffsetRange(40, 45);
    Records.open(first, 0, Records.note(0, List.of(far), List.of(done)));
    first.add(Records.range(0, 2));

    Note note = Objects.requireNonNull(noteOf(first));
    assertThat(note.retries()).containsExactly(far);
    assertThat(note.done()).containsExactly(done);
  }

  @Test
  void shouldCarryOnWhatIsSaidOfARecordBehindOthersOfItsLane() {
    RetryEntry behind = new RetryEntry(1, 2, 10, 7, Fate.EXHAUSTED);
    OwnedPartition first = Records.acquiring(gate, Ordering.PARTITION);
    Records.open(first, 0, Records.note(0, List.of(behind), List.of()));
    first.add(Records.range(0, 3));
    Attempt ahead = begin(first);
    assertThat(noteOf(first).retries()).containsExactly(behind);

    first.work().succeeded(ahead);
    assertThat(noteOf(first).retries()).as("at the head now").containsExactly(behind);
    Attempt owed = Objects.requireNonNull(first.work().begin(ahead.lane(), 0));
    assertThat(Objects.requireNonNull(owed.history()).fate()).isEqualTo(Fate.EXHAUSTED);
    first.work().park(owed, Lane.Phase.SENDING);
    first.stopped().buried(owed.lane());
    assertThat(noteOf(first).retries()).as("done").isEmpty();
  }

  @Test
  void shouldCommitOnThoughARecordThatWasRetriedDoesNotExistAnyMore() {
    OwnedPartition owner = Records.acquiring(gate, Ordering.KEY);
    RetryEntry gone = new RetryEntry(5, 1, 0, -1, Fate.RETRYING);
    Records.open(owner, 5, Records.note(5, List.of(gone), List.of(new OffsetRange(7, 8))));
    owner.add(Records.at(7)); // 5 was compacted away, 7 is done
    Note note = noteOf(owner);
    assertThat(note.base()).isEqualTo(8);
    assertThat(note.retries()).isEmpty();
  }

  @Test
  void shouldNotCountAnAttemptAsRecordedBeforeACommitOfItIsConfirmed() {
    OwnedPartition owner = Records.active(gate, 0);
    owner.add(Records.range(0, 1));
    Progress before = Objects.requireNonNull(progressAfterAChange(owner));
    Attempt attempt = begin(owner);
    Objects.requireNonNull(owner.work().historyFor(attempt)).charged++;
    owner.work().park(attempt, Lane.Phase.WAITING);
    assertThat(owner.isCommitUrgent()).isTrue();
    owner.confirm(before, "before", 0);
    assertThat(owner.stopped().isRecorded(attempt.lane()))
        .as("that one says nothing of it")
        .isFalse();
    Progress after = Objects.requireNonNull(owner.progress(-1, 0));
    assertThat(owner.stopped().isRecorded(attempt.lane())).as("sent").isFalse();
    owner.confirm(after, "after", 0);
    assertThat(owner.stopped().isRecorded(attempt.lane())).isTrue();
    assertThat(owner.isCommitUrgent()).isFalse();
  }

  private static @Nullable Progress progressAfterAChange(OwnedPartition owner) {
    owner.leaves(Mode.LEAVING);
    return owner.progress(-1, 0);
  }

  private OwnedPartition next(OwnedPartition owner, Ordering ordering) {
    Note note = noteOf(owner);
    owner.end();
    return Records.open(Records.acquiring(gate, ordering), note.base(), note);
  }

  private static Attempt begin(OwnedPartition partition) {
    return Objects.requireNonNull(partition.work().begin(null, 0));
  }

  private static Note noteOf(OwnedPartition partition) {
    partition.leaves(Mode.LEAVING); // so that there is something to say
    return Objects.requireNonNull(partition.progress(-1, 0)).note(Identity.of(null, null), 1);
  }
}
