package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.crash.Fact.Assigned;
import io.github.safeconsumer.crash.Fact.Begun;
import io.github.safeconsumer.crash.Fact.Committed;
import io.github.safeconsumer.crash.Fact.Ended;
import io.github.safeconsumer.crash.Fact.Frozen;
import io.github.safeconsumer.crash.Fact.Killed;
import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.crash.Fact.Revoked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker finds each thing that must not be, and nothing where all is well. */
class JournalCheckTest {
  private static final int MAX_ATTEMPTS = 3;
  private static final int KEY = 7;

  private final JournalCheck check = new JournalCheck(MAX_ATTEMPTS);

  @Test
  void shouldFindNothingWhereAllIsWell() {
    owns("a");
    done("a", 0, 1);
    failed("a", 1, 1);
    killed("a");
    owns("b");
    done("b", 0, 1); // not committed
    failed("b", 1, 2);
    failed("b", 1, 3);
    check.finish(Map.of(0, 2L), letters(1, 3));
    assertThat(check.violations()).isEmpty();
    assertThat(check.kills()).singleElement().returns(1, Kill::repeated);
  }

  @Test
  void shouldFindALostRecord() {
    owns("a");
    done("a", 0, 1);
    check.finish(Map.of(0, 2L), List.of());
    assertFound("0@1 is neither done nor a dead letter");
    assertThat(check.lost()).isEqualTo(1);
  }

  /** Let in before its process was stopped, written down when that went on. */
  @Test
  void shouldSettleNothingByAnAttemptThatOutlivedItsFrozenOwner() {
    owns("a");
    failed("a", 0, 1);
    check.see(new Frozen("a", List.of(0)));
    done("a", 0, 2);
    owns("b");
    done("b", 0, 2);
    check.finish(Map.of(0, 1L), List.of());
    assertThat(check.violations()).isEmpty();
    assertThat(check.stragglers()).isEqualTo(1);
  }

  @Test
  void shouldCountAsLostWhatOnlyAFrozenOwnerDid() {
    owns("a");
    check.see(new Frozen("a", List.of(0)));
    done("a", 0, 1);
    check.finish(Map.of(0, 1L), List.of());
    assertFound("0@0 is neither done nor a dead letter");
  }

  @Test
  void shouldFindARecordThatOvertakesAnEarlierOneOfItsKey() {
    owns("a");
    done("a", 1, 1);
    assertFound("overtakes number 0");
  }

  @Test
  void shouldFindARecordThatOvertakesOneThatFailed() {
    owns("a");
    failed("a", 0, 1);
    done("a", 1, 1);
    assertFound("overtakes number 0");
  }

  @Test
  void shouldFindTwoAttemptsOfOneKeyAtOnce() {
    owns("a");
    done("a", 0, 1);
    begun("a", 1, 1);
    begun("a", 0, 1);
    assertFound("begins while 0@1 of its key runs");
  }

  @Test
  void shouldFindARecordThatIsHandledAgainAfterAHandOver() {
    owns("a");
    done("a", 0, 1);
    check.see(new Revoked("a", List.of(0)));
    owns("b");
    begun("b", 0, 1);
    assertFound("handled again");
  }

  @Test
  void shouldFindARecordThatIsHandledAgainThoughACommitHoldsIt() {
    owns("a");
    done("a", 0, 1);
    check.see(new Fact.Asked(0));
    check.see(new Committed(0, 0, 1, ""));
    killed("a");
    owns("b");
    begun("b", 0, 1);
    assertFound("a confirmed commit says that it is done");
  }

  @Test
  void shouldCountWhatWasDoneBeforeTheConfirmedCommitWasSent() {
    owns("a");
    done("a", 0, 1);
    check.see(new Fact.Asked(0));
    check.see(new Committed(0, 0, 0, ""));
    check.see(new Committed(0, 0, 0, ""));
    done("a", 1, 1);
    killed("a");
    owns("b");
    done("b", 0, 1);
    done("b", 1, 1);
    assertThat(check.kills())
        .singleElement()
        .returns(2, Kill::repeated)
        .returns(1, Kill::repeatedThoughCommitted);
  }

  @Test
  void shouldFindACommittedOffsetThatFalls() {
    check.see(new Fact.Asked(0));
    check.see(new Committed(0, 0, 5, ""));
    check.see(new Committed(0, 0, 4, ""));
    assertFound("after 5");
  }

  @Test
  void shouldFindAttemptsThatBeginAgainWithAnotherOwner() {
    owns("a");
    failed("a", 0, 1);
    failed("a", 0, 2);
    killed("a");
    owns("b");
    failed("b", 0, 1);
    assertFound("is not attempt 2 to 3");
  }

  @Test
  void shouldFindAnAttemptThatWasCountedThoughItWasCutOff() {
    owns("a");
    begun("a", 0, 1);
    killed("a");
    owns("b");
    begun("b", 0, 2);
    assertFound("is not attempt 1 to 1");
  }

  @Test
  void shouldFindAnAttemptTooMany() {
    owns("a");
    failed("a", 0, 1);
    failed("a", 0, 2);
    failed("a", 0, 3);
    killed("a");
    owns("b");
    failed("b", 0, 3);
    assertThat(check.violations()).as("one more is what the kill explains").isEmpty();
    failed("b", 0, 3);
    assertFound("is attempt 5 in all, after 1 unclean ends");
  }

  @Test
  void shouldFindADeadLetterThatCameTooEarlyOrStatesOtherAttempts() {
    owns("a");
    failed("a", 0, 1);
    check.finish(Map.of(), letters(0, 2));
    assertFound("before its attempts were used up");
    assertFound("states other attempts");
  }

  @Test
  void shouldFindMoreDeadLettersThanKillsExplain() {
    owns("a");
    failed("a", 0, 1);
    failed("a", 0, 2);
    failed("a", 0, 3);
    check.finish(Map.of(), letters(0, 3, 3));
    assertFound("has 2 dead letters after 0 unclean ends");
  }

  @Test
  void shouldAllowAFurtherDeadLetterForEachThatSeemedToFail() {
    owns("a");
    failed("a", 0, 1);
    failed("a", 0, 2);
    failed("a", 0, 3);
    check.see(
        new Fact.Noted(
            "a", "DeadLetterSendFailed[at=x, partition=some-topic-0, offset=0, topic=y]"));
    check.finish(Map.of(), letters(0, 3, 3));
    assertThat(check.violations()).isEmpty();
  }

  @Test
  void shouldFindWorkOutsideAnyOwnership() {
    begun("a", 0, 1);
    assertFound("outside any ownership");
  }

  @Test
  void shouldReadWhatWasWrittenAndPassOverALineThatAKillCutOff(@TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("journal");
    List<Fact> facts =
        List.of(
            new Assigned("a", List.of(0, 3)),
            new Begun("a", place(5), KEY, 4, 2, true, 1234),
            new Ended("a", place(5), true, 99),
            new Committed(3, 0, 6, "sc1:abc d"),
            new Fact.Lost("a", List.of()),
            new Fact.Noted("a", "two words"));
    List<Fact> read = new ArrayList<>();
    try (SharedJournal journal = new SharedJournal(file)) {
      facts.subList(0, 3).forEach(journal::write);
      Files.writeString(file, "\nB a 0 1", StandardOpenOption.APPEND);
      facts.subList(3, 6).forEach(journal::write);
      assertThat(journal.read(read::add)).as("cut off").isEqualTo(1);
    }
    assertThat(read).isEqualTo(facts);
  }

  private void assertFound(String text) {
    assertThat(check.violations()).anyMatch(violation -> violation.contains(text));
  }

  private void owns(String member) {
    check.see(new Assigned(member, List.of(0)));
  }

  private void killed(String member) {
    check.see(new Killed(member, 1_000));
  }

  /** The record at this offset is the one of this number of its key. */
  private void begun(String member, int number, int attempt) {
    long firstFailure = attempt == 1 ? Fact.NEVER : 5_000;
    check.see(
        new Begun(
            member, place(number), KEY, number, attempt, attempt == MAX_ATTEMPTS, firstFailure));
  }

  private void done(String member, int number, int attempt) {
    begun(member, number, attempt);
    check.see(new Ended(member, place(number), true, 900));
  }

  private void failed(String member, int number, int attempt) {
    begun(member, number, attempt);
    check.see(new Ended(member, place(number), false, 900));
  }

  private static List<Letter> letters(long offset, Integer... attempts) {
    return Stream.of(attempts)
        .map(
            stated ->
                new Letter(place(offset), Letter.EXHAUSTED, stated, Optional.of(Instant.EPOCH)))
        .toList();
  }

  private static Place place(long offset) {
    return new Place(0, offset);
  }
}
