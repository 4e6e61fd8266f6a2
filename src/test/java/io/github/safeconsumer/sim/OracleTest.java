package io.github.safeconsumer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Outcome.Result;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The oracle can fail: each invariant is broken once, by a ledger of its own, and seen. */
class OracleTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final TopicPartition T1 = new TopicPartition("t", 1);
  private static final long SECOND = 1_000_000_000L;

  private final Oracle oracle = new Oracle();
  private long now = SECOND;

  @BeforeEach
  void twoConsumers() {
    see(new Fact.Built("a", new Traits("pa", 1, 5 * SECOND, 20 * SECOND, 3, "static")));
    see(new Fact.Built("b", new Traits("pb", 2, 5 * SECOND, 20 * SECOND, 3, "static")));
    for (long offset = 0; offset < 10; offset++) {
      see(new Fact.Appended(T0, offset));
      see(new Fact.Appended(T1, offset));
    }
  }

  private void see(Fact fact) {
    oracle.see(now, fact);
  }

  private void seeAfter(long nanos, Fact fact) {
    now += nanos;
    see(fact);
  }

  private void owns(String consumer, int client, TopicPartition... partitions) {
    see(new Fact.Creating(consumer));
    see(new Fact.Created(consumer, client));
    see(new Fact.Assigned(consumer, client, Set.of(partitions)));
  }

  private void does(String consumer, TopicPartition partition, long offset) {
    see(new Fact.Begun(consumer, partition, offset, 1));
    see(new Fact.Ended(consumer, partition, offset, Fact.End.DONE));
  }

  private void caught(Invariant invariant) {
    assertThat(oracle.violations())
        .extracting(Verdicts.Violation::invariant)
        .containsExactly(invariant);
  }

  private void nothingCaught() {
    assertThat(oracle.violations()).isEmpty();
  }

  @Test
  void shouldAcceptAQuietLife() {
    owns("a", 1, T0);
    does("a", T0, 0);
    does("a", T0, 1);
    see(new Fact.Committed("a", 1, T0, 2));
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
    see(new Fact.Begun("a", T0, 0, 1));
    caught(Invariant.S4);
  }

  @Test
  void shouldCatchARecordBegunWhilePaused() {
    owns("a", 1, T0);
    see(new Fact.Commanded("a", 1, Command.PAUSE, Set.of()));
    see(new Fact.Answered("a", 1, Result.APPLIED, "paused"));
    see(new Fact.Begun("a", T0, 0, 1));
    caught(Invariant.S5);
  }

  @Test
  void shouldCatchARecordOfAPausedPartitionOnly() {
    owns("b", 1, T0, T1);
    see(new Fact.Commanded("b", 1, Command.PAUSE_PARTITIONS, Set.of(T0)));
    see(new Fact.Answered("b", 1, Result.APPLIED, "paused"));
    does("b", T1, 0);
    nothingCaught();
    see(new Fact.Begun("b", T0, 0, 1));
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
    see(new Fact.Committed("a", 1, T0, 1));
    caught(Invariant.S8);
  }

  @Test
  void shouldCatchACommitThatGoesBack() {
    owns("a", 1, T0);
    does("a", T0, 0);
    does("a", T0, 1);
    see(new Fact.Committed("a", 1, T0, 2));
    see(new Fact.Committed("a", 1, T0, 1));
    caught(Invariant.S8);
  }

  @Test
  void shouldCatchACommitOfWhatAnotherHasDone() {
    owns("b", 1, T0);
    does("b", T0, 0);
    see(new Fact.CallBegun("b", 1, "close"));
    see(new Fact.Closed("b", 1));
    owns("a", 2, T0);
    see(new Fact.Committed("a", 2, T0, 1));
    caught(Invariant.S8);
  }

  @Test
  void shouldCatchACommitPastAnUnfinishedRecord() {
    owns("a", 1, T0);
    does("a", T0, 0);
    see(new Fact.Begun("a", T0, 1, 1));
    see(new Fact.Committed("a", 1, T0, 2));
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
    see(new Fact.Begun("b", T0, 0, 1));
    see(new Fact.Begun("b", T0, 0, 2));
    caught(Invariant.S10);
  }

  @Test
  void shouldCatchARecordThatOvertakesAFailedOne() {
    owns("a", 1, T0);
    see(new Fact.Begun("a", T0, 0, 1));
    see(new Fact.Ended("a", T0, 0, Fact.End.FAILED));
    see(new Fact.Begun("a", T0, 1, 1));
    caught(Invariant.S10);
  }

  @Test
  void shouldCatchOneAttemptTooMany() {
    owns("a", 1, T0);
    for (int attempt = 1; attempt <= 4; attempt++) {
      see(new Fact.Begun("a", T0, 0, attempt));
      see(new Fact.Ended("a", T0, 0, Fact.End.FAILED));
    }
    caught(Invariant.S11);
  }

  @Test
  void shouldCatchMoreAttemptsAtOnceThanTheConcurrency() {
    owns("a", 1, T0, T1);
    see(new Fact.Begun("a", T0, 0, 1));
    see(new Fact.Begun("a", T1, 0, 1));
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
    seeAfter(SECOND, new Fact.Begun("a", T0, 0, 1));
    caught(Invariant.S14);
  }

  @Test
  void shouldCatchAHandOverThatDoesNotWaitForARunningAttempt() {
    owns("b", 1, T0);
    see(new Fact.CallBegun("b", 1, "poll"));
    see(new Fact.Begun("b", T0, 0, 1));
    see(new Fact.Revoked("b", 1, Set.of(T0)));
    seeAfter(SECOND, new Fact.Ended("b", T0, 0, Fact.End.DONE));
    see(new Fact.Killed("pb"));
    owns("a", 2, T0);
    see(new Fact.Begun("a", T0, 0, 1));
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
    see(new Fact.Begun("a", T0, 0, 1));
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
    see(new Fact.Begun("a", T0, 0, 1));
    nothingCaught();
    assertThat(oracle.offsets().repeatedAfterKill()).isEqualTo(1);
  }

  @Test
  void shouldAcceptARepeatedRecordWhereACommitFailed() {
    owns("b", 1, T0);
    does("b", T0, 0);
    see(new Fact.CommitAnswered("b", 1, Map.of(T0, 1L), false));
    see(new Fact.CallBegun("b", 1, "close"));
    see(new Fact.Closed("b", 1));
    owns("a", 2, T0);
    see(new Fact.Begun("a", T0, 0, 1));
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
  void shouldCatchACloseThatTakesLongerThanItsBound() {
    see(new Fact.CloseAsked("a", 1, SECOND, true));
    seeAfter(3 * SECOND, new Fact.Reported("a", 1, false, true, false, Set.of()));
    caught(Invariant.L4);
  }

  @Test
  void shouldCatchACloseThatDoesNotNameWhatStillRuns() {
    owns("a", 1, T0);
    see(new Fact.Begun("a", T0, 0, 1));
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
    see(new Fact.Committed("a", 1, T0, 9));
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
    see(new Fact.Begun("a", T0, 0, 1));
    see(new Fact.Killed("pa"));
    see(new Fact.Begun("a", T0, 0, 1));
    nothingCaught();
  }
}
