package io.github.safeconsumer.examples.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.examples.faults.Expectation.Range;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said in the table follows from the evidence, and from nothing else. */
class JudgeTest {
  private static final Place BAD = new Place(0, 1);
  private static final Place[] GOOD = {new Place(0, 0), new Place(0, 2), new Place(1, 0)};
  private static final Plan PLAN =
      new Plan(List.of(3, 1), Task.of(Deed.WORK, Duration.ZERO), Set.of(), new byte[0])
          .withBad(Deed.FAIL, BAD);
  private static final Expectation EXPECTED =
      Expectation.undisturbed().deadLetters(PLAN.bad(), Range.exactly(2));

  private final Journals journal = new Journals();
  private List<Long> committed = List.of(3L, 1L);
  private List<Place> deadLetters = List.of(BAD);
  private int deaths;
  private int inflicted;

  @Test
  void shouldFindNothingWrongWhenAllWentAsExpected() {
    journal.at(900).assigned(0, 0, 1).at(1_000).failed(BAD, BAD).at(3_500).done(GOOD);

    Result result = result();

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.time()).contains(Duration.ofMillis(2_500));
    assertThat(result.rebalances()).as("the first assignment is none").isZero();
    assertThat(EXPECTED.violations(result)).isEmpty();
  }

  @Test
  void shouldCallARecordLostWhenItIsCommittedButNeitherDoneNorDeadLettered() {
    journal.failed(BAD, BAD).done(GOOD[0], GOOD[2]);

    assertThat(result().lost()).isEqualTo(1);
    assertThat(EXPECTED.violations(result())).anyMatch(text -> text.startsWith("lost 1"));
  }

  @Test
  void shouldCallABadRecordLostWhenItIsSkippedInSilence() {
    journal.failed(BAD, BAD).done(GOOD);
    deadLetters = List.of();

    assertThat(result().outcome()).isEqualTo(Outcome.DONE);
    assertThat(result().lost()).isEqualTo(1);
    assertThat(EXPECTED.violations(result())).hasSize(2);
  }

  @Test
  void shouldNotCallARecordLostThatIsStillToCome() {
    journal.begun(BAD).done(GOOD[0]);
    committed = List.of(1L, 0L);
    deadLetters = List.of();

    assertThat(result().lost()).isZero();
    assertThat(result().notDone()).isEqualTo(2);
    assertThat(result().time()).isEmpty();
  }

  @Test
  void shouldCallItStuckWhenNotAllIsCommittedThoughAllIsDone() {
    journal.failed(BAD, BAD).done(GOOD);
    committed = List.of(1L, 1L);

    assertThat(result().outcome()).isEqualTo(Outcome.STUCK);
    assertThat(EXPECTED.violations(result())).hasSize(1);
  }

  @Test
  void shouldCallItEndlessWhenProcessesDieOneAfterTheOther() {
    journal.begun(BAD, BAD, BAD).done(GOOD[0]);
    committed = List.of(0L, 0L);
    deaths = 3;

    assertThat(result().outcome()).isEqualTo(Outcome.ENDLESS);
    assertThat(result().attempts()).isEqualTo(3);
  }

  @Test
  void shouldNotCallItEndlessWhenOthersKilledTheProcesses() {
    journal.done(GOOD[0]);
    committed = List.of(0L, 0L);
    deaths = 3;
    inflicted = 3;

    assertThat(result().outcome()).isEqualTo(Outcome.STUCK);
    assertThat(result().deaths()).isEqualTo(3);
  }

  @Test
  void shouldCallItEndlessWhenARecordIsDoneOverAndOver() {
    journal.done(GOOD[0], GOOD[0], GOOD[0]);
    committed = List.of(0L, 0L);

    assertThat(result().outcome()).isEqualTo(Outcome.ENDLESS);
    assertThat(result().duplicated()).isEqualTo(2);
  }

  @Test
  void shouldRefuseADuplicateWhereNoneIsExpected() {
    journal.failed(BAD, BAD).done(GOOD).done(GOOD[1]);

    assertThat(EXPECTED.violations(result())).containsExactly("duplicated 1, expected 0");
  }

  @Test
  void shouldRefuseADeadLetterOfAGoodRecord() {
    journal.failed(BAD, BAD).done(GOOD);
    deadLetters = List.of(BAD, GOOD[0]);

    assertThat(EXPECTED.violations(result())).hasSize(1).first().asString().contains("0@0");
  }

  @Test
  void shouldRefuseASecondDeadLetterOfTheSameRecord() {
    journal.failed(BAD, BAD).done(GOOD);
    deadLetters = List.of(BAD, BAD);

    assertThat(EXPECTED.violations(result())).hasSize(1);
  }

  @Test
  void shouldRefuseAnAttemptTooMany() {
    journal.failed(BAD, BAD, BAD).done(GOOD);

    assertThat(EXPECTED.violations(result()))
        .containsExactly("attempts on a bad record 3, expected 2");
  }

  @Test
  void shouldRefuseADeathAndARebalanceWhereNoneIsExpected() {
    journal.assigned(0, 0, 1).failed(BAD, BAD).done(GOOD);
    deaths = 1;

    assertThat(EXPECTED.violations(result()))
        .containsExactly("process deaths 1, expected 0", "rebalances 1, expected 0");
  }

  private Result result() {
    return Judge.of(
        new Evidence(
            PLAN, journal.tally(), committed, deadLetters, deaths, inflicted, Journals.START));
  }
}
