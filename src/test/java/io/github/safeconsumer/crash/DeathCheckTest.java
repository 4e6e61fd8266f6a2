package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.crash.Fact.Assigned;
import io.github.safeconsumer.crash.Fact.Begun;
import io.github.safeconsumer.crash.Fact.Dying;
import io.github.safeconsumer.crash.Fact.Ended;
import io.github.safeconsumer.crash.Fact.Killed;
import io.github.safeconsumer.crash.Fact.Lost;
import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.crash.Fact.Revoked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the checker says of records that end their process. */
class DeathCheckTest {
  private static final int MAX_ATTEMPTS = 3;
  private static final int KEY = 7;

  private final List<Fact> facts = new ArrayList<>();

  @Test
  void shouldFindNothingWhereAKillerIsConvictedAndTheRestGoesOn() {
    diesOf("a", 1);
    diesOf("b", 1);
    owns("c");
    done("c", 0);
    done("c", 2);
    JournalCheck check = check(Map.of(0, 3L), List.of(convicted(1)));
    assertThat(check.violations()).isEmpty();
    assertThat(check.deaths().all()).isEqualTo(2);
    assertThat(check.deaths().of(place(1))).isEqualTo(2);
  }

  @Test
  void shouldFindThatSomebodyWasConvictedWhoKilledNobody() {
    diesOf("a", 1);
    owns("b");
    done("b", 2);
    JournalCheck check = check(Map.of(), List.of(convicted(2), convicted(1)));
    assertThat(check.violations()).anyMatch(v -> v.contains("convicted and killed nobody"));
    assertThat(check.violations()).filteredOn(v -> v.contains("killed nobody")).hasSize(1);
  }

  @Test
  void shouldBelieveTheTestOfAKillerThatCannotWrite() {
    owns("a");
    facts.add(new Dying("a", Fact.NOWHERE));
    facts.add(new Killed("a", 1));
    DeathCheck deaths = new DeathCheck();
    facts.forEach(deaths::see);
    JournalCheck check = new JournalCheck(MAX_ATTEMPTS, deaths, Set.of(place(0)));
    facts.forEach(check::see);
    check.finish(Map.of(0, 1L), List.of(convicted(0)));
    assertThat(check.violations()).isEmpty();
  }

  @Test
  void shouldFindARecordThatOvertakesAKillerThatKillsAgain() {
    diesOf("a", 0);
    owns("b");
    done("b", 1);
    diesOf("c", 0);
    assertThat(check(Map.of(), List.of()).violations()).anyMatch(v -> v.contains("overtakes"));
  }

  @Test
  void shouldFindThatARecordBehindTheKillerIsLost() {
    diesOf("a", 1);
    JournalCheck check = check(Map.of(0, 3L), List.of(convicted(1)));
    assertThat(check.lost()).isEqualTo(1);
  }

  @Test
  void shouldTakeAnAttemptThatEndsItsProcessInOrderForCutOff() {
    owns("a");
    begun("a", 0);
    facts.add(new Dying("a", place(0)));
    facts.add(new Revoked("a", List.of(0))); // by the shutdown hook
    owns("b");
    facts.add(new Killed("a", 1));
    done("b", 0);
    assertThat(check(Map.of(), List.of()).violations()).isEmpty();
  }

  @Test
  void shouldFindAnAttemptThatRunsOnAfterAHandOver() {
    owns("a");
    begun("a", 0);
    facts.add(new Revoked("a", List.of(0)));
    owns("b");
    begun("b", 0);
    assertThat(check(Map.of(), List.of()).violations()).anyMatch(v -> v.contains("while it runs"));
  }

  @Test
  void shouldTellAnAttemptThatOutlivedItsOwnershipFromTheNextOwners() {
    owns("a");
    begun("a", 0);
    facts.add(new Lost("a", List.of(0)));
    owns("b");
    begun("b", 0);
    facts.add(new Ended("a", place(0), true, 900));
    begun("b", 1);
    List<String> violations = check(Map.of(), List.of()).violations();
    assertThat(violations).anyMatch(v -> v.contains("begins while 0@0 of its key runs"));
  }

  @Test
  void shouldNotBlameAStoppedProcessForWhatItHadBegun() {
    owns("a");
    facts.add(new Fact.Frozen("a", List.of(0)));
    owns("b");
    done("b", 0);
    begun("a", 0);
    facts.add(new Ended("a", place(0), true, 900));
    done("b", 1);
    JournalCheck check = check(Map.of(0, 2L), List.of());
    assertThat(check.violations()).isEmpty();
    assertThat(check.stragglers()).isEqualTo(1);
  }

  private JournalCheck check(Map<Integer, Long> ends, List<Letter> letters) {
    DeathCheck deaths = new DeathCheck();
    facts.forEach(deaths::see);
    JournalCheck check = new JournalCheck(MAX_ATTEMPTS, deaths, Set.of());
    facts.forEach(check::see);
    check.finish(ends, letters);
    return check;
  }

  /** Numbers 0 and up are done first by the first one. */
  private void diesOf(String member, int number) {
    owns(member);
    for (int before = 0; before < number; before++) {
      done(member, before);
    }
    begun(member, number);
    facts.add(new Dying(member, place(number)));
    facts.add(new Killed(member, 1_000));
  }

  private void owns(String member) {
    facts.add(new Assigned(member, List.of(0)));
  }

  private void begun(String member, int number) {
    facts.add(new Begun(member, place(number), KEY, number, 1, false, Fact.NEVER));
  }

  private void done(String member, int number) {
    begun(member, number);
    facts.add(new Ended(member, place(number), true, 900));
  }

  private static Letter convicted(long offset) {
    return new Letter(place(offset), Letter.CRASHED, 2, Optional.empty());
  }

  private static Place place(long offset) {
    return new Place(0, offset);
  }
}
