package io.github.safeconsumer.sim;

import static io.github.safeconsumer.sim.Ledger.SECOND;
import static io.github.safeconsumer.sim.Ledger.T0;
import static io.github.safeconsumer.sim.Ledger.T1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Outcome.Result;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The oracle can fail: each invariant is broken once, by a ledger of its own, and seen. */
class OracleTest {
  private final Ledger ledger = new Ledger();
  private final Oracle oracle = ledger.oracle;

  private void see(Fact fact) {
    ledger.see(fact);
  }

  private void seeAfter(long nanos, Fact fact) {
    ledger.seeAfter(nanos, fact);
  }

  private void owns(String consumer, int client, TopicPartition... partitions) {
    ledger.owns(consumer, client, partitions);
  }

  private void does(String consumer, TopicPartition partition, long offset) {
    ledger.does(consumer, partition, offset);
  }

  private void begins(String consumer, TopicPartition partition, long offset, int attempt) {
    ledger.begins(consumer, partition, offset, attempt);
  }

  private void ends(String consumer, TopicPartition partition, long offset, Fact.End end) {
    ledger.ends(consumer, partition, offset, end);
  }

  private void caught(Invariant invariant) {
    ledger.caught(invariant);
  }

  private void nothingCaught() {
    ledger.nothingCaught();
  }

  @Test
  void shouldAcceptAQuietLife() {
    owns("a", 1, T0);
    does("a", T0, 0);
    does("a", T0, 1);
    see(Ledger.committed("a", 1, T0, 2));
    see(new Fact.Commanded("a", 1, Command.PAUSE, Set.of()));
    see(new Fact.Answered("a", 1, Result.APPLIED, "paused"));
    see(new Fact.Commanded("a", 2, Command.RESUME, Set.of()));
    does("a", T0, 2);
    see(new Fact.Revoked("a", 1, Set.of(T0)));
    nothingCaught();
  }

  @Test
  void shouldCatchTwoThreadsInOneClient() {
    see(new Fact.Misused("S1", "poll while another thread is inside"));
    caught(Invariant.S1);
  }

  @Test
  void shouldCatchASecondClientOfOneConsumer() {
    owns("a", 1, T0);
    see(new Fact.Creating("a"));
    caught(Invariant.S2);
  }

  @Test
  void shouldCatchTwoClientsOfOneStaticIdentity() {
    owns("a", 1, T0);
    owns("b", 2, T1);
    caught(Invariant.S2);
  }

  @Test
  void shouldCatchTwoReplacementsAtOnce() {
    see(new Fact.Creating("a"));
    see(new Fact.Creating("a"));
    caught(Invariant.S3);
  }

  @Test
  void shouldCatchAClientMadeWhileSuspended() {
    see(new Fact.Commanded("a", 1, Command.SUSPEND, Set.of()));
    see(new Fact.Answered("a", 1, Result.APPLIED, "suspended"));
    see(new Fact.Creating("a"));
    caught(Invariant.S4);
  }

  @Test
  void shouldCatchASuspendAppliedBeforeTheClientIsClosed() {
    owns("a", 1, T0);
    see(new Fact.Commanded("a", 1, Command.SUSPEND, Set.of()));
    see(new Fact.Answered("a", 1, Result.APPLIED, "suspended"));
    caught(Invariant.S4);
  }

  @Test
  void shouldCatchARecordAfterClose() {
    owns("a", 1, T0);
    see(new Fact.CloseAsked("a", 1, SECOND, true));
    see(new Fact.Closed("a", 1));
    see(new Fact.Reported("a", 1, true, true, false, Set.of()));
    begins("a", T0, 0, 1);
    caught(Invariant.S4);
  }

  @Test
  void shouldCatchARecordBegunWhilePaused() {
    owns("a", 1, T0);
    see(new Fact.Commanded("a", 1, Command.PAUSE, Set.of()));
    see(new Fact.Answered("a", 1, Result.APPLIED, "paused"));
    begins("a", T0, 0, 1);
    caught(Invariant.S5);
  }

  @Test
  void shouldCatchARecordOfAPausedPartitionOnly() {
    owns("b", 1, T0, T1);
    see(new Fact.Commanded("b", 1, Command.PAUSE_PARTITIONS, Set.of(T0)));
    see(new Fact.Answered("b", 1, Result.APPLIED, "paused"));
    does("b", T1, 0);
    nothingCaught();
    begins("b", T0, 0, 1);
    caught(Invariant.S5);
  }

  @Test
  void shouldNotCatchARecordAfterAResumeThatCrossedThePause() {
    owns("a", 1, T0);
    see(new Fact.Commanded("a", 1, Command.PAUSE, Set.of()));
    see(new Fact.Commanded("a", 2, Command.RESUME, Set.of()));
    see(new Fact.Answered("a", 1, Result.APPLIED, "paused"));
    does("a", T0, 0);
    nothingCaught();
  }

  @Test
  void shouldCatchASupersededThatNobodyCaused() {
    see(new Fact.Commanded("a", 1, Command.RESUME, Set.of()));
    see(new Fact.Answered("a", 1, Result.SUPERSEDED, "pause() came later"));
    caught(Invariant.S6);
  }

  @Test
  void shouldCatchAPauseThatARebalanceLost() {
    owns("a", 1, T0);
    see(new Fact.Polling("a", 1, Set.of(T0), Set.of(T0), Set.of(T0)));
    see(new Fact.Assigned("a", 1, Set.of(T0)));
    see(new Fact.Polling("a", 1, Set.of(T0), Set.of(T0), Set.of()));
    caught(Invariant.S7);
  }

  @Test
  void shouldCatchACommitOfWhatIsOwnedByNobodyThere() {
    owns("a", 1, T0);
    does("a", T0, 0);
    see(new Fact.Revoked("a", 1, Set.of(T0)));
    see(Ledger.committed("a", 1, T0, 1));
    caught(Invariant.S8);
  }

  @Test
  void shouldCatchACommitThatGoesBack() {
    owns("a", 1, T0);
    does("a", T0, 0);
    does("a", T0, 1);
    see(Ledger.committed("a", 1, T0, 2));
    see(Ledger.committed("a", 1, T0, 1));
    caught(Invariant.S8);
  }

  @Test
  void shouldCatchACommitOfWhatAnotherHasDone() {
    owns("b", 1, T0);
    does("b", T0, 0);
    see(new Fact.CallBegun("b", 1, "close"));
    see(new Fact.Closed("b", 1));
    owns("a", 2, T0);
    see(Ledger.committed("a", 2, T0, 1));
    caught(Invariant.S8);
  }

  @Test
  void shouldCatchACommitPastAnUnfinishedRecord() {
    owns("a", 1, T0);
    does("a", T0, 0);
    begins("a", T0, 1, 1);
    see(Ledger.committed("a", 1, T0, 2));
    caught(Invariant.S9);
  }

  @Test
  void shouldCatchARecordThatWasNeverHandled() {
    for (long offset = 0; offset < 10; offset++) {
      see(new Fact.Buried("a", T0, offset));
      if (offset != 4) {
        see(new Fact.Buried("a", T1, offset));
      }
    }
    see(new Fact.RunOver());
    caught(Invariant.S9);
  }

  @Test
  void shouldCatchTwoAttemptsOfOnePartitionAtOnce() {
    owns("b", 1, T0);
    begins("b", T0, 0, 1);
    begins("b", T0, 0, 1);
    caught(Invariant.S10);
  }

  @Test
  void shouldCatchARecordThatOvertakesAFailedOne() {
    owns("a", 1, T0);
    begins("a", T0, 0, 1);
    ends("a", T0, 0, Fact.End.FAILED);
    begins("a", T0, 1, 1);
    caught(Invariant.S10);
  }

  @Test
  void shouldCatchOneAttemptTooMany() {
    owns("a", 1, T0);
    for (int attempt = 1; attempt <= 4; attempt++) {
      ledger.fails("a", T0, 0, attempt);
      ledger.commits("a", 1, T0, 0, Ledger.failed(0, attempt));
    }
    caught(Invariant.S11);
  }

  @Test
  void shouldCatchMoreAttemptsAtOnceThanTheConcurrency() {
    owns("a", 1, T0, T1);
    begins("a", T0, 0, 1);
    begins("a", T1, 0, 1);
    caught(Invariant.S12);
  }

  @Test
  void shouldCatchAPartitionThatStaysPausedForNoReason() {
    owns("a", 1, T0);
    for (int poll = 0; poll < 2; poll++) {
      see(new Fact.Polling("a", 1, Set.of(T0), Set.of(), Set.of(T0)));
      if (poll == 0) {
        nothingCaught(); // the reason may have gone a moment ago
      }
    }
    caught(Invariant.S13);
  }

  @Test
  void shouldCatchARecordHandledAgainAfterAGracefulHandOver() {
    owns("b", 1, T0);
    does("b", T0, 0);
    see(new Fact.CallBegun("b", 1, "close"));
    see(new Fact.Closed("b", 1));
    owns("a", 2, T0);
    ledger.pass(SECOND);
    begins("a", T0, 0, 1);
    caught(Invariant.S14);
  }

  @Test
  void shouldCatchAHandOverThatDoesNotWaitForARunningAttempt() {
    owns("b", 1, T0);
    see(new Fact.CallBegun("b", 1, "poll"));
    begins("b", T0, 0, 1);
    see(new Fact.Revoked("b", 1, Set.of(T0)));
    ledger.pass(SECOND);
    ends("b", T0, 0, Fact.End.DONE);
    see(new Fact.Killed("pb"));
    owns("a", 2, T0);
    begins("a", T0, 0, 1);
    caught(Invariant.S14);
  }

  @Test
  void shouldCatchARecordHandledAgainThoughItWasDoneLongBeforeTheKill() {
    owns("b", 1, T0);
    does("b", T0, 0);
    for (int poll = 0; poll < 50; poll++) {
      seeAfter(SECOND / 10, new Fact.Polling("b", 1, Set.of(T0), Set.of(), Set.of()));
    }
    see(new Fact.Killed("pb"));
    owns("a", 2, T0);
    begins("a", T0, 0, 1);
    caught(Invariant.S14);
  }

  @Test
  void shouldAcceptWhatWasDoneJustBeforeAKill() {
    owns("b", 1, T0);
    for (int poll = 0; poll < 50; poll++) {
      seeAfter(SECOND / 10, new Fact.Polling("b", 1, Set.of(T0), Set.of(), Set.of()));
    }
    does("b", T0, 0);
    seeAfter(SECOND / 10, new Fact.Killed("pb"));
    owns("a", 2, T0);
    begins("a", T0, 0, 1);
    nothingCaught();
    assertThat(oracle.offsets().repeatedAfterKill()).isEqualTo(1);
  }

  @Test
  void shouldAcceptARepeatedRecordWhereACommitFailed() {
    owns("b", 1, T0);
    does("b", T0, 0);
    see(new Fact.CommitAnswered("b", 1, List.of(new Note.Position(T0, 1, null)), false));
    see(new Fact.CallBegun("b", 1, "close"));
    see(new Fact.Closed("b", 1));
    owns("a", 2, T0);
    begins("a", T0, 0, 1);
    nothingCaught();
  }

  @Test
  void shouldCatchAFutureThatIsNeverCompleted() {
    for (long offset = 0; offset < 10; offset++) {
      see(new Fact.Buried("a", T0, offset));
      see(new Fact.Buried("a", T1, offset));
    }
    see(new Fact.Commanded("a", 1, Command.RESUME, Set.of()));
    see(new Fact.RunOver());
    caught(Invariant.L1);
  }

  @Test
  void shouldCatchAPauseThatIsAnsweredLate() {
    see(new Fact.Commanded("a", 1, Command.PAUSE, Set.of()));
    seeAfter(3 * SECOND, new Fact.Answered("a", 1, Result.APPLIED, "paused"));
    caught(Invariant.L1);
  }

  @Test
  void shouldNotBlameTheLibraryForTheTimeItsProcessStoodStill() {
    see(new Fact.Commanded("a", 1, Command.PAUSE, Set.of()));
    see(new Fact.Stalled("pa", 3 * SECOND));
    seeAfter(3 * SECOND, new Fact.Answered("a", 1, Result.APPLIED, "paused"));
    nothingCaught();
  }

  @Test
  void shouldCatchALoopThatDoesNotPoll() {
    owns("a", 1, T0);
    see(new Fact.CallEnded("a", 1, "poll", false));
    seeAfter(11 * SECOND, new Fact.Polling("a", 1, Set.of(T0), Set.of(), Set.of()));
    caught(Invariant.L2);
  }

  @Test
  void shouldCatchARecordThatIsNotHandledInTimeAfterTheLastFault() {
    owns("b", 1, T0, T1);
    see(new Fact.FaultsOver(10 * SECOND));
    seeAfter(9 * SECOND, new Fact.Waited());
    nothingCaught();
    seeAfter(2 * SECOND, new Fact.Waited());
    caught(Invariant.L3);
  }

  @Test
  void shouldAcceptARunInWhichAllIsHandledInTimeAfterTheLastFault() {
    see(new Fact.FaultsOver(10 * SECOND));
    for (long offset = 0; offset < 10; offset++) {
      see(new Fact.Buried("a", T0, offset));
      see(new Fact.Buried("a", T1, offset));
    }
    seeAfter(20 * SECOND, new Fact.Waited());
    nothingCaught();
    ledger.checked(Invariant.L3);
  }

  @Test
  void shouldCatchACloseThatTakesLongerThanItsBound() {
    see(new Fact.CloseAsked("a", 1, SECOND, true));
    seeAfter(3 * SECOND, new Fact.Reported("a", 1, false, true, false, Set.of()));
    caught(Invariant.L4);
  }

  @Test
  void shouldCatchACloseThatDoesNotNameWhatStillRuns() {
    owns("a", 1, T0);
    begins("a", T0, 0, 1);
    see(new Fact.CloseAsked("a", 1, SECOND, true));
    see(new Fact.Closed("a", 1));
    seeAfter(SECOND, new Fact.Reported("a", 1, false, true, false, Set.of()));
    caught(Invariant.L4);
  }

  @Test
  void shouldCatchAnEndThatIsNotCommitted() {
    owns("a", 1, T0);
    for (long offset = 0; offset < 10; offset++) {
      does("a", T0, offset);
      see(new Fact.Buried("a", T1, offset));
    }
    see(Ledger.committed("a", 1, T0, 9));
    see(new Fact.RunOver());
    nothingCaught();
    oracle.offsets().allClosed();
    assertThat(oracle.violations())
        .extracting(Verdicts.Violation::invariant)
        .containsOnly(Invariant.L5);
  }

  @Test
  void shouldForgetWhatAKilledProcessDoes() {
    owns("a", 1, T0);
    begins("a", T0, 0, 1);
    see(new Fact.Killed("pa"));
    begins("a", T0, 0, 1);
    nothingCaught();
  }
}
