package io.github.safeconsumer.internal.doctor;

import static io.github.safeconsumer.internal.doctor.TwoLooks.FIRST;
import static io.github.safeconsumer.internal.doctor.TwoLooks.P0;
import static io.github.safeconsumer.internal.doctor.TwoLooks.P1;
import static io.github.safeconsumer.internal.doctor.TwoLooks.SECOND;
import static io.github.safeconsumer.internal.doctor.TwoLooks.member;
import static io.github.safeconsumer.internal.doctor.TwoLooks.note;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Nobody is woken for a group that is idle, catches up, or has just moved. */
class NoFalseAlarmTest {
  private final TwoLooks looks = new TwoLooks();

  private void shouldBeQuiet() {
    assertThat(looks.codes()).containsExactly(Cause.NOTHING_WRONG);
  }

  private void shouldBeQuiet(String evidence) {
    shouldBeQuiet();
    assertThat(looks.cause().evidence()).isEqualTo(evidence);
  }

  @Test
  void shouldBeQuietWhereAllIsDone() {
    shouldBeQuiet("2 partitions, all committed to their end");
  }

  @Test
  void shouldBeQuietWhileItCatchesUp() {
    looks.before.log(P0, 100, 50_000);
    looks.now.log(P0, 20_100, 51_000);
    shouldBeQuiet(
        "30,900 records in work or on their way, committed in about 16 s at the rate of late");
    GroupReport.Partition partition = looks.report().partitions().get(0);
    assertThat(partition.committedPerSecond()).hasValue(2_000);
    assertThat(partition.arrivedPerSecond()).hasValue(100);
  }

  @Test
  void shouldBeQuietWhereACommitIsDueAtAnyMoment() {
    // Done as fast as it arrives; the first look was just after a commit, this one just before.
    looks.before.log(P0, 10_000, 10_000);
    looks.now.log(P0, 15_000, 20_000);
    shouldBeQuiet();
  }

  @Test
  void shouldBeQuietWhereItCatchesUpAndACommitIsDue() {
    // 1,500/s done in commits of 7,500 and 1,000/s arrive: between the looks fell one commit.
    looks.before.log(P0, 10_000, 60_000);
    looks.now.log(P0, 17_500, 70_000);
    shouldBeQuiet();
  }

  @Test
  void shouldBeQuietOfWhatHasJustArrived() {
    looks.now.log(P0, 100, 101);
    shouldBeQuiet();
  }

  @Test
  void shouldBeQuietWhereOnlyMarkersStandBeforeTheEnd() {
    Sample.Log markers =
        new Sample.Log(
            OptionalLong.of(100),
            Optional.empty(),
            0,
            102,
            102,
            102,
            Optional.empty(),
            true,
            Optional.empty());
    looks.before.put(P0, markers);
    looks.now.put(P0, markers);
    shouldBeQuiet();
    assertThat(looks.report().lag()).isZero();
  }

  @Test
  void shouldBeQuietWhereAPartitionHasJustChangedItsOwner() {
    looks.before.members = List.of(member("b", 2, P0, P1));
    looks.before.log(P0, 100, 1_000);
    looks.now.log(P0, 100, 1_000);
    shouldBeQuiet();
  }

  @Test
  void shouldBeQuietOfConnectorsThatCommitEveryMinute() {
    looks.before.members = List.of(member("connector-consumer-sink-0", 1, P0, P1));
    looks.now.members = looks.before.members;
    looks.before.log(P0, 100, 1_000);
    looks.now.log(P0, 100, 2_000);
    shouldBeQuiet();
  }

  @Test
  void shouldBeQuietOfTransactionsThatGoOn() {
    looks.before.open(P0, 100, 100, 400, FIRST.minusMillis(20));
    looks.now.open(P0, 100, 100, 500, SECOND.minusMillis(20));
    shouldBeQuiet();
  }

  @Test
  void shouldBeQuietOfTransactionsThatGoOnWithTimesOfLongAgo() {
    looks.before.open(P0, 100, 100, 400, FIRST.minusSeconds(9_000));
    looks.now.open(P0, 100, 100, 500, FIRST.minusSeconds(8_000));
    shouldBeQuiet();
  }

  @Test
  void shouldBeQuietOfAFailureThatHealed() {
    looks.before.noted(
        P0, 100, 1_000, note(null, new RetryEntry(104, 1, 1, -1, RetryEntry.Fate.RETRYING)));
    looks.now.log(P0, 900, 1_000);
    shouldBeQuiet();
  }

  @Test
  void shouldBeQuietOfOneDeathAndOfOldOnes() {
    looks.now.noted(P0, 100, 100, note(crash(1, SECOND)));
    looks.now.noted(P1, 100, 100, note(crash(5, SECOND.minus(Duration.ofHours(1)))));
    shouldBeQuiet();
  }

  private static CrashCase crash(int ends, Instant updated) {
    return new CrashCase(
        ends, List.of(new OffsetRange(104, 120)), -1, false, 0, updated.getEpochSecond());
  }

  @Test
  void shouldBeQuietOfADeploy() {
    looks.now.members.set(1, member("b", 9, P1));
    shouldBeQuiet();
  }

  @Test
  void shouldBeQuietOfRecordsFromBeforeTheGroup() {
    // It began at the end of both; of orders-1 nothing came since.
    looks.before.fresh(P1, 0, 5_000);
    looks.now.fresh(P1, 0, 5_000);
    shouldBeQuiet();
    assertThat(looks.report().unseen()).anyMatch(what -> what.contains("orders-1"));
  }

  @Test
  void shouldBeQuietWhereSomebodyCommitsWithoutBeingAMember() {
    looks.before.members = List.of();
    looks.now.members = List.of();
    looks.now.state = "EMPTY";
    looks.before.log(P0, 100, 1_000);
    looks.now.log(P0, 700, 1_300);
    shouldBeQuiet();
    assertThat(looks.report().unseen()).anyMatch(what -> what.contains("Flink"));
  }

  @Test
  void shouldBeQuietOfAGroupThatIsOnlyOffsets() {
    looks.before.members = List.of();
    looks.now.members = List.of();
    looks.now.state = "EMPTY";
    looks.now.simple = true;
    looks.now.log(P0, 100, 1_000);
    shouldBeQuiet();
  }

  @Test
  void shouldBeQuietOfMembersThatHaveNothingToDo() {
    looks.before.members.add(member("d", 4));
    looks.now.members.add(member("d", 4));
    shouldBeQuiet();
  }

  @Test
  void shouldTellNothingOfRatesAtTheFirstLook() {
    looks.now.log(P0, 100, 50_000);
    GroupReport report = Reporting.report(new Recollection().add(looks.now.sample()));
    assertThat(report.partitions().get(0).committedPerSecond()).isEmpty();
    assertThat(report.unseen()).anyMatch(what -> what.contains("first look"));
    assertThat(report.causes()).extracting(Cause::code).containsExactly(Cause.NOTHING_WRONG);
    assertThat(report.causes().get(0).evidence())
        .endsWith("look again in some seconds to know more");
  }

  @Test
  void shouldForgetWhatIsLongerAgoThanHalfAMinute() {
    Recollection recollection = new Recollection();
    for (int second = 0; second <= 120; second += 5) {
      TwoLooks.Look look = new TwoLooks.Look(FIRST.plusSeconds(second));
      look.log(P0, 100 + second, 100 + second);
      Looks seen = recollection.add(look.sample());
      assertThat(seen.span()).isLessThanOrEqualTo(Duration.ofSeconds(30));
      assertThat(seen.standing()).isEmpty();
    }
  }
}
