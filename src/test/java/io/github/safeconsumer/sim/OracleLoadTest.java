package io.github.safeconsumer.sim;

import static io.github.safeconsumer.sim.Ledger.SECOND;
import static io.github.safeconsumer.sim.Ledger.T0;
import static io.github.safeconsumer.sim.Ledger.T1;

import io.github.safeconsumer.Ordering;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The oracle's checks of rate, budget and turns can fail, and let pass what is right. */
class OracleLoadTest {
  private static final long MILLI = SECOND / 1000;

  private final Ledger ledger = new Ledger(Ordering.UNORDERED, 4, 4, 1);
  private long rates;

  @BeforeEach
  void owns() {
    ledger.owns("a", 1, T0, T1);
  }

  // ---- the rate

  private void limits(double perSecond) {
    ledger.see(new Fact.RateAsked("a", ++rates, perSecond));
    ledger.see(new Fact.RateSet("a", rates));
  }

  @Test
  void shouldLetStartsKeepToTheRate() {
    limits(2);
    for (long offset = 0; offset < 10; offset++) {
      ledger.does("a", T0, offset);
      ledger.pass(SECOND / 2);
    }
    ledger.nothingCaught();
    ledger.checked(Invariant.S12R);
  }

  @Test
  void shouldCatchAStartBeyondTheRateAndItsBurst() {
    limits(2);
    ledger.does("a", T0, 0);
    ledger.pass(SECOND / 5);
    ledger.does("a", T0, 1);
    ledger.caught(Invariant.S12R);
  }

  @Test
  void shouldCatchARateThatIsALittleTooHighAllTheTime() {
    limits(2);
    for (long offset = 0; offset < 10; offset++) {
      ledger.does("a", T0, offset);
      ledger.pass(450 * MILLI); // 2.2 a second: no second alone shows it
      if (!ledger.oracle.violations().isEmpty()) {
        break;
      }
    }
    ledger.caught(Invariant.S12R);
  }

  @Test
  void shouldCatchAStartThatGoesByALimitTakenBack() {
    limits(1);
    limits(Double.POSITIVE_INFINITY);
    ledger.does("a", T0, 0);
    ledger.does("a", T0, 1);
    ledger.nothingCaught();
    limits(1);
    ledger.pass(SECOND / 5);
    ledger.does("a", T0, 2);
    ledger.nothingCaught();
    ledger.does("a", T0, 3);
    ledger.caught(Invariant.S12R);
  }

  @Test
  void shouldGoByTheHigherLimitWhileAnotherIsBeingSet() {
    limits(1);
    ledger.see(new Fact.RateAsked("a", ++rates, 10));
    for (long offset = 0; offset < 3; offset++) {
      ledger.does("a", T0, offset);
      ledger.pass(SECOND / 10);
    }
    ledger.nothingCaught();
    ledger.see(new Fact.RateSet("a", rates));
    limits(1);
    ledger.pass(SECOND / 5);
    ledger.does("a", T0, 3);
    ledger.pass(SECOND / 10);
    ledger.does("a", T0, 4);
    ledger.caught(Invariant.S12R);
  }

  @Test
  void shouldLetStartsBeALittleBehindALimitThatIsLowered() {
    limits(Double.POSITIVE_INFINITY);
    limits(1);
    ledger.pass(SECOND / 20);
    for (long offset = 0; offset < 4; offset++) {
      ledger.does("a", T0, offset);
    }
    ledger.nothingCaught();
    ledger.pass(SECOND / 10);
    ledger.does("a", T0, 4);
    ledger.nothingCaught();
    ledger.does("a", T0, 5);
    ledger.caught(Invariant.S12R);
  }

  // ---- the budget

  private void admits(int admitted, int perWorker, int others, int perWorkerOfOthers) {
    Map<String, Fact.TopicLoad> topics = new TreeMap<>();
    topics.put("t", new Fact.TopicLoad(admitted, perWorker));
    topics.put("u", new Fact.TopicLoad(others, perWorkerOfOthers));
    ledger.see(new Fact.Loaded("a", topics));
  }

  @Test
  void shouldLetWhatFitsBeAdmittedAndStayWhenLatenciesRise() {
    admits(30, 10, 1, 1); // three workers and one: all four
    admits(30, 1, 1, 1);
    ledger.pass(20 * SECOND);
    admits(29, 1, 1, 1); // far too much, and nothing came to it
    ledger.nothingCaught();
    ledger.checked(Invariant.S12B);
  }

  @Test
  void shouldCatchMoreThanTheBudgetOfAllTopics() {
    admits(31, 10, 1, 1);
    ledger.caught(Invariant.S12B);
  }

  @Test
  void shouldCatchMoreAdmittedLongAfterLatenciesRose() {
    admits(40, 10, 0, 1);
    ledger.pass(SECOND);
    admits(20, 1, 0, 1);
    ledger.pass(11 * SECOND);
    admits(5, 1, 0, 1);
    ledger.nothingCaught();
    admits(6, 1, 0, 1);
    ledger.caught(Invariant.S12B);
  }

  @Test
  void shouldLetLanesComeBackThatWaitedForARetry() {
    admits(40, 10, 0, 1);
    ledger.fails("a", T0, 0, 1);
    admits(41, 10, 0, 1);
    ledger.nothingCaught();
    ledger.pass(4 * SECOND);
    admits(40, 10, 0, 1); // it fits again: from here on it is judged
    admits(41, 10, 0, 1);
    ledger.caught(Invariant.S12B);
  }

  // ---- turns

  private void turns(long everyNanos, TopicPartition... waiting) {
    for (int turn = 0; turn < 30; turn++) {
      ledger.see(new Fact.Turned("a", Set.of(waiting), false));
      ledger.pass(everyNanos);
      ledger.see(new Fact.Begun("a", T0, turn, 1, null, turn, 1));
      ledger.see(new Fact.Ended("a", T0, turn, Fact.End.DONE, turn));
    }
  }

  private void withMoreRecords() {
    for (long offset = 10; offset < 30; offset++) {
      ledger.see(new Fact.Appended(T0, offset));
    }
    ledger.commits("a", 1, T0, 0, Note.lease(1000));
  }

  @Test
  void shouldCatchAPartitionThatNeverGetsItsTurn() {
    withMoreRecords();
    turns(SECOND, T1);
    ledger.caught(Invariant.L6);
  }

  @Test
  void shouldLetManyStartsBeOneTurn() {
    withMoreRecords();
    turns(100 * MILLI, T1);
    ledger.nothingCaught();
    ledger.checked(Invariant.L6);
  }

  @Test
  void shouldCatchAConsumerThatHasRecordsAndRunsNothing() {
    ledger.see(new Fact.Turned("a", Set.of(T0), false));
    ledger.seeAfter(29 * SECOND, new Fact.Turned("a", Set.of(T0), false));
    ledger.nothingCaught();
    ledger.seeAfter(2 * SECOND, new Fact.Turned("a", Set.of(T0), false));
    ledger.caught(Invariant.L6);
  }

  @Test
  void shouldLetAPartitionWaitThatSomethingHolds() {
    withMoreRecords();
    turns(SECOND);
    ledger.nothingCaught();
  }
}
