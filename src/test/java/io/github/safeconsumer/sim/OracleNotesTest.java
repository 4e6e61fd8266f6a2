package io.github.safeconsumer.sim;

import static io.github.safeconsumer.sim.Ledger.SECOND;
import static io.github.safeconsumer.sim.Ledger.T0;
import static io.github.safeconsumer.sim.Ledger.T1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The oracle's checks of what is noted beside committed offsets can fail, and let right pass. */
class OracleNotesTest {
  private Ledger ledger = new Ledger(Ordering.UNORDERED, 4, 4, 1);

  /** "b" did a record ahead of another, and noted it. */
  private void bDidAhead() {
    ledger.owns("b", 1, T0);
    ledger.begins("b", T0, 0, 1);
    ledger.does("b", T0, 1);
    ledger.commits("b", 1, T0, 0, Ledger.done(1, 2));
  }

  private void bFails(int times) {
    ledger.owns("b", 1, T0);
    for (int attempt = 1; attempt <= times; attempt++) {
      ledger.fails("b", T0, 0, attempt);
      ledger.commits("b", 1, T0, 0, Ledger.failed(0, attempt));
    }
  }

  @Test
  void shouldAcceptAnOwnerThatGoesOnWithWhatItFound() {
    bDidAhead();
    ledger.see(new Fact.Killed("pb"));
    ledger.owns("a", 2, T0);
    ledger.does("a", T0, 0);
    ledger.does("a", T0, 2);
    ledger.commits("a", 2, T0, 3, Note.lease(10));
    ledger.nothingCaught();
    ledger.checked(Invariant.S16);
    assertThat(ledger.oracle.notes().foundDone()).isEqualTo(1);
  }

  @Test
  void shouldCatchARecordThatWasNotedAsDoneAndBeginsAgainAfterAKill() {
    bDidAhead();
    ledger.see(new Fact.Killed("pb"));
    ledger.owns("a", 2, T0);
    ledger.begins("a", T0, 1, 1);
    ledger.caught(Invariant.S14);
  }

  @Test
  void shouldCatchARecordAheadThatIsDoneAgainAfterAReleaseThatForgotIt() {
    ledger.owns("b", 1, T0);
    ledger.begins("b", T0, 0, 1);
    ledger.does("b", T0, 1);
    ledger.ends("b", T0, 0, Fact.End.FAILED);
    ledger.commits("b", 1, T0, 0, Ledger.failed(0, 1));
    ledger.leaves("b", 1);
    ledger.owns("a", 2, T0);
    ledger.pass(SECOND);
    ledger.begins("a", T0, 1, 1);
    ledger.caught(Invariant.S14);
  }

  @Test
  void shouldExcuseADuplicateWhereSomebodyDamagedTheNote() {
    bDidAhead();
    ledger.see(new Fact.Tampered(T0, 0));
    ledger.see(new Fact.Killed("pb"));
    ledger.owns("a", 2, T0);
    ledger.does("a", T0, 1);
    ledger.nothingCaught();
  }

  @Test
  void shouldExcuseADuplicateWhereABrokerRefusedTheNote() {
    ledger.owns("b", 1, T0);
    ledger.does("b", T0, 1);
    ledger.see(new Fact.Struck("COMMIT_METADATA_REFUSED", "b"));
    ledger.commits("b", 1, T0, 0, Note.lease(10));
    ledger.leaves("b", 1);
    ledger.owns("a", 2, T0);
    ledger.does("a", T0, 1);
    ledger.nothingCaught();
  }

  @Test
  void shouldCatchANoteThatCallsARecordDoneThatIsNot() {
    ledger.owns("b", 1, T0);
    ledger.does("b", T0, 1);
    ledger.begins("b", T0, 2, 1);
    ledger.see(Ledger.committed("b", 1, T0, 0, Ledger.done(1, 3)));
    ledger.caught(Invariant.S16);
  }

  @Test
  void shouldCatchARecordPastTheEndOfTheLease() {
    ledger.owns("b", 1, T0);
    ledger.commits("b", 1, T0, 0, Note.lease(3));
    ledger.begins("b", T0, 2, 1);
    ledger.nothingCaught();
    ledger.begins("b", T0, 3, 1);
    ledger.caught(Invariant.S15);
  }

  @Test
  void shouldCatchARecordThatBeginsBeforeTheOpeningNoteIsConfirmed() {
    ledger.see(new Fact.Creating("b"));
    ledger.see(new Fact.Created("b", 1));
    ledger.see(new Fact.Assigned("b", 1, Set.of(T0)));
    ledger.see(Ledger.committed("b", 1, T0, 0, Note.lease(10)));
    ledger.begins("b", T0, 0, 1);
    ledger.caught(Invariant.S15);
  }

  @Test
  void shouldCatchALeaseOfAnEarlierOwnership() {
    ledger.owns("b", 1, T0);
    ledger.see(new Fact.Revoked("b", 1, Set.of(T0)));
    ledger.see(new Fact.Assigned("b", 1, Set.of(T0)));
    ledger.begins("b", T0, 0, 1);
    ledger.caught(Invariant.S15);
  }

  @Test
  void shouldCatchASecondAttemptWhoseFirstIsNotNoted() {
    ledger.owns("b", 1, T0);
    ledger.fails("b", T0, 0, 1);
    ledger.see(Ledger.committed("b", 1, T0, 0, Ledger.failed(0, 1)));
    ledger.begins("b", T0, 0, 2);
    ledger.caught(Invariant.S18);
  }

  @Test
  void shouldCatchANextOwnerThatCountsAnew() {
    bFails(2);
    ledger.leaves("b", 1);
    ledger.owns("a", 2, T0);
    ledger.begins("a", T0, 0, 1);
    ledger.caught(Invariant.S18);
  }

  @Test
  void shouldCatchAHandlerThatRunsWhereADeadLetterIsOwed() {
    ledger.owns("b", 1, T0);
    ledger.fails("b", T0, 0, 1);
    Note owed = new Note(true, 10, Map.of(0L, 1), Set.of(0L), List.of());
    ledger.commits("b", 1, T0, 0, owed);
    ledger.see(new Fact.Killed("pb"));
    ledger.owns("a", 2, T0);
    ledger.see(Ledger.confirmed("a", 2, T0, 0, owed));
    ledger.begins("a", T0, 0, 2);
    ledger.caught(Invariant.S18);
  }

  @Test
  void shouldCatchOneAttemptTooManyOverTwoOwners() {
    bFails(Ledger.MOST_ATTEMPTS);
    ledger.see(new Fact.Tampered(T1, 0)); // of another partition
    ledger.leaves("b", 1);
    ledger.owns("a", 2, T0);
    ledger.see(Ledger.confirmed("a", 2, T0, 0, Ledger.failed(0, 2)));
    ledger.begins("a", T0, 0, 3);
    assertThat(ledger.oracle.violations())
        .extracting(Verdicts.Violation::invariant)
        .contains(Invariant.S11);
  }

  @Test
  void shouldAcceptOneAttemptMoreAfterAKill() {
    bFails(2);
    ledger.fails("b", T0, 0, 3);
    ledger.see(new Fact.Killed("pb"));
    ledger.owns("a", 2, T0);
    ledger.see(Ledger.confirmed("a", 2, T0, 0, Ledger.failed(0, 2)));
    ledger.fails("a", T0, 0, 3);
    ledger.nothingCaught();
    ledger.checked(Invariant.S11);
    ledger.begins("a", T0, 0, 4);
    assertThat(ledger.oracle.violations())
        .extracting(Verdicts.Violation::invariant)
        .contains(Invariant.S11);
  }

  @Test
  void shouldStartAnewWithATopicThatWasCreatedAgain() {
    ledger.owns("b", 1, T0);
    ledger.does("b", T0, 0);
    ledger.commits("b", 1, T0, 1, Ledger.done(1, 1));
    ledger.leaves("b", 1);
    ledger.see(new Fact.Recreated("t"));
    ledger.see(new Fact.Appended(T0, 0));
    assertThat(ledger.oracle.offsets().open()).isEqualTo(1);
    ledger.owns("a", 2, T0);
    ledger.does("a", T0, 0);
    ledger.nothingCaught();
    assertThat(ledger.oracle.offsets().open()).isZero();
  }
}
