package io.github.safeconsumer.sim;

import static io.github.safeconsumer.sim.Ledger.T0;
import static io.github.safeconsumer.sim.Ledger.T1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.Ordering;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The oracle's checks of the crash guard can fail, and let right pass. */
class OracleCrashTest {
  private final Ledger ledger = new Ledger(Ordering.UNORDERED, 4, 4, 1);

  private static Note suspicious(int deaths, long from, long to, long named, boolean alone) {
    return suspicious(true, deaths, from, to, named, alone);
  }

  private static Note suspicious(
      boolean open, int deaths, long from, long to, long named, boolean alone) {
    Note.Suspicion suspicion =
        new Note.Suspicion(deaths, List.of(new Note.Range(from, to)), named, alone);
    return new Note(open, 10, Map.of(), Set.of(), List.of(), suspicion);
  }

  private void owns(String consumer, int client, Note note) {
    ledger.see(new Fact.Creating(consumer));
    ledger.see(new Fact.Created(consumer, client));
    ledger.takes(consumer, client, note, T0);
    ledger.see(Ledger.committed(consumer, client, T0, 0, note));
  }

  private void convicts(long offset) {
    ledger.see(new Fact.Buried("b", T0, offset, DeadLetter.Reason.CRASHED));
  }

  @Test
  void shouldCatchASuspectThatRunsWithoutBeingNamed() {
    owns("b", 1, suspicious(2, 0, 5, 3, true));
    ledger.begins("b", T0, 2, 1);
    assertThat(ledger.oracle.violations())
        .extracting(Verdicts.Violation::invariant)
        .contains(Invariant.S19);
  }

  @Test
  void shouldCatchAnotherRecordBesideTheOneThatIsToBeAlone() {
    owns("b", 1, suspicious(2, 0, 5, 3, true));
    ledger.takes("b", 1, Note.lease(10), T1);
    ledger.begins("b", T0, 3, 1);
    ledger.nothingCaught();
    ledger.begins("b", T1, 0, 1);
    ledger.caught(Invariant.S19);
  }

  @Test
  void shouldCatchANoteThatSaysAloneWhileAnotherRuns() {
    owns("b", 1, suspicious(2, 0, 5, -1, false));
    ledger.takes("b", 1, Note.lease(10), T1);
    ledger.begins("b", T1, 0, 1);
    ledger.see(Ledger.confirmed("b", 1, T0, 0, suspicious(2, 0, 5, 0, true)));
    ledger.caught(Invariant.S19);
  }

  @Test
  void shouldCatchACleanEndThatIsCountedAsADeath() {
    owns("a", 1, new Note(false, 10, Map.of(), Set.of(), List.of()));
    ledger.leaves("a", 1);
    owns("b", 2, suspicious(1, 0, 10, -1, false));
    ledger.caught(Invariant.S20);
  }

  @Test
  void shouldCatchSuspectsThatWereNoneAtTheDeathBefore() {
    owns("a", 1, suspicious(1, 0, 3, -1, false));
    ledger.see(new Fact.Killed("pa"));
    owns("b", 2, suspicious(2, 0, 10, -1, false));
    ledger.caught(Invariant.S20);
  }

  @Test
  void shouldCatchAConvictionAfterASingleDeath() {
    owns("a", 1, suspicious(1, 0, 3, 0, true));
    ledger.see(new Fact.Killed("pa"));
    owns("b", 2, suspicious(2, 0, 3, -1, false));
    convicts(0);
    ledger.caught(Invariant.S20);
  }

  @Test
  void shouldCatchAKillerThatIsADeadLetterForAnotherReason() {
    ledger.see(new Fact.Killer(T0, 0));
    owns("b", 2, Note.lease(10));
    ledger.see(new Fact.Buried("b", T0, 0));
    ledger.caught(Invariant.S20);
  }

  @Test
  void shouldCatchAKillerThatKillsOnceTooOften() {
    ledger.see(new Fact.Killer(T0, 0));
    for (int death = 1; death <= 3; death++) {
      ledger.see(new Fact.Killed("p" + death, T0, 0));
    }
    ledger.nothingCaught();
    ledger.see(new Fact.Killed("p4", T0, 0));
    ledger.caught(Invariant.L7);
  }

  @Test
  void shouldNotCountADeathOfWhoHadBeenAskedToEnd() {
    ledger.see(new Fact.Killer(T0, 0));
    owns("a", 1, new Note(false, 10, Map.of(), Set.of(), List.of()));
    ledger.see(new Fact.Killed("pa", T0, 0));
    for (int death = 1; death <= 3; death++) {
      ledger.see(new Fact.Killed("p" + death, T0, 0));
    }
    ledger.nothingCaught();
  }

  @Test
  void shouldCatchADeadLetterThatIsSaidToHaveHungAndDidNot() {
    ledger.owns("b", 1, T0);
    ledger.begins("b", T0, 0, 1);
    ledger.see(new Fact.Buried("b", T0, 0, DeadLetter.Reason.HUNG));
    ledger.caught(Invariant.S21);
  }

  @Test
  void shouldCatchAnInterruptAtTheEntryOfARecord() {
    ledger.see(new Fact.Misused("S21", "interrupted at the entry of @0"));
    ledger.caught(Invariant.S21);
  }
}
