package io.github.safeconsumer.sim;

import static io.github.safeconsumer.sim.Ledger.T0;
import static io.github.safeconsumer.sim.Ledger.T1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The oracle's checks of lanes and batches can fail, and let pass what is right. */
class OracleLanesTest {
  private Ledger ledger = new Ledger(Ordering.KEY, 4, 4, 1);

  private void owns() {
    ledger.owns("a", 1, T0, T1);
  }

  private void batches(Ordering ordering) {
    ledger = new Ledger(ordering, 1, 1, 3);
    owns();
  }

  private static Map<Long, Integer> firstAttempts(long... offsets) {
    Map<Long, Integer> attempts = new TreeMap<>();
    for (long offset : offsets) {
      attempts.put(offset, 1);
    }
    return attempts;
  }

  @Test
  void shouldLetOtherKeysPassOneThatRunsAndOneThatFailed() {
    owns();
    ledger.begins("a", T0, 0, 1, "x");
    ledger.begins("a", T0, 1, 1, "y");
    ledger.ends("a", T0, 1, Fact.End.DONE);
    ledger.ends("a", T0, 0, Fact.End.FAILED);
    ledger.begins("a", T0, 2, 1, "y");
    ledger.begins("a", T0, 3, 1, null);
    ledger.begins("a", T0, 4, 1, null);
    ledger.nothingCaught();
    assertThat(ledger.oracle.lanes().overtakings()).isEqualTo(1);
  }

  @Test
  void shouldCatchTwoAttemptsOfOneKeyAtOnce() {
    owns();
    ledger.begins("a", T0, 0, 1, "x");
    ledger.begins("a", T0, 3, 1, "x");
    assertThat(ledger.oracle.violations())
        .extracting(Verdicts.Violation::invariant)
        .containsOnly(Invariant.S10);
  }

  @Test
  void shouldCatchARecordThatOvertakesAFailedOneOfItsKey() {
    owns();
    ledger.begins("a", T0, 0, 1, "x");
    ledger.ends("a", T0, 0, Fact.End.FAILED);
    ledger.begins("a", T0, 3, 1, "x");
    ledger.caught(Invariant.S10);
  }

  @Test
  void shouldCatchAKeyThatGoesBack() {
    owns();
    ledger.begins("a", T0, 3, 1, "x");
    ledger.ends("a", T0, 3, Fact.End.DONE);
    ledger.begins("a", T0, 0, 1, "x");
    ledger.caught(Invariant.S10);
  }

  @Test
  void shouldLetTheSameKeyRunInTwoPartitions() {
    owns();
    ledger.begins("a", T0, 0, 1, "x");
    ledger.begins("a", T1, 0, 1, "x");
    ledger.nothingCaught();
    ledger.checked(Invariant.S12);
  }

  @Test
  void shouldLetUnorderedRecordsOvertakeEachOtherButNotRunTwice() {
    ledger = new Ledger(Ordering.UNORDERED, 4, 4, 1);
    owns();
    ledger.begins("a", T0, 3, 1, "x");
    ledger.begins("a", T0, 0, 1, "x");
    ledger.nothingCaught();
    ledger.begins("a", T0, 3, 1, "x");
    ledger.caught(Invariant.S10);
  }

  @Test
  void shouldCountABatchAsOneAttempt() {
    batches(Ordering.PARTITION);
    ledger.beginsBatch("a", T0, firstAttempts(0, 1, 2));
    ledger.nothingCaught();
    ledger.begins("a", T1, 0, 1);
    ledger.caught(Invariant.S12);
  }

  @Test
  void shouldLetARecordBehindAFailedOneComeAgainInItsOrder() {
    batches(Ordering.PARTITION);
    ledger.beginsBatch("a", T0, firstAttempts(0, 1, 2));
    ledger.ends("a", T0, 0, Fact.End.DONE);
    ledger.ends("a", T0, 1, Fact.End.FAILED);
    ledger.ends("a", T0, 2, Fact.End.RETURNED);
    ledger.commits("a", 1, T0, 1, Ledger.failed(1, 1));
    ledger.begins("a", T0, 1, 2);
    ledger.ends("a", T0, 1, Fact.End.DONE);
    ledger.beginsBatch("a", T0, firstAttempts(2, 3));
    ledger.nothingCaught();
    ledger.checked(Invariant.S17);
  }

  @Test
  void shouldCatchARecordSentBackThatOvertakes() {
    batches(Ordering.PARTITION);
    ledger.beginsBatch("a", T0, firstAttempts(0, 1));
    ledger.ends("a", T0, 0, Fact.End.FAILED);
    ledger.ends("a", T0, 1, Fact.End.RETURNED);
    ledger.begins("a", T0, 1, 1);
    ledger.caught(Invariant.S10);
  }

  @Test
  void shouldCatchAFailedRecordInABatchOfSeveral() {
    batches(Ordering.UNORDERED);
    ledger.fails("a", T0, 0, 1);
    ledger.commits("a", 1, T0, 0, Ledger.failed(0, 1));
    Map<Long, Integer> attempts = firstAttempts(0, 1);
    attempts.put(0L, 2);
    ledger.beginsBatch("a", T0, attempts);
    ledger.caught(Invariant.S17);
  }

  @Test
  void shouldCatchABatchThatThrewAndComesAgainAsOne() {
    batches(Ordering.UNORDERED);
    ledger.beginsBatch("a", T0, firstAttempts(0, 1));
    ledger.ends("a", T0, 0, Fact.End.THROWN);
    ledger.ends("a", T0, 1, Fact.End.THROWN);
    ledger.begins("a", T0, 0, 1);
    ledger.ends("a", T0, 0, Fact.End.DONE);
    ledger.nothingCaught();
    ledger.beginsBatch("a", T0, firstAttempts(1, 2));
    ledger.caught(Invariant.S17);
  }

  @Test
  void shouldCatchARecordThatPaysForABatchThatThrew() {
    batches(Ordering.UNORDERED);
    ledger.beginsBatch("a", T0, firstAttempts(0, 1));
    ledger.ends("a", T0, 0, Fact.End.THROWN);
    ledger.ends("a", T0, 1, Fact.End.THROWN);
    ledger.commits("a", 1, T0, 0, Ledger.failed(0, 1));
    ledger.begins("a", T0, 0, 2);
    ledger.caught(Invariant.S17);
  }

  @Test
  void shouldCatchABatchThatIsTooLarge() {
    batches(Ordering.UNORDERED);
    ledger.beginsBatch("a", T0, firstAttempts(0, 1, 2, 3));
    assertThat(ledger.oracle.violations())
        .extracting(Verdicts.Violation::invariant)
        .containsOnly(Invariant.S17);
  }
}
