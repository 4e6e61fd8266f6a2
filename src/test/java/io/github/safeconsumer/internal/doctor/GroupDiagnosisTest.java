package io.github.safeconsumer.internal.doctor;

import static io.github.safeconsumer.internal.doctor.TwoLooks.FIRST;
import static io.github.safeconsumer.internal.doctor.TwoLooks.P0;
import static io.github.safeconsumer.internal.doctor.TwoLooks.P1;
import static io.github.safeconsumer.internal.doctor.TwoLooks.member;
import static io.github.safeconsumer.internal.doctor.TwoLooks.note;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.internal.doctor.Sample.Member;
import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong with a group is named, with the place, the numbers and who. */
class GroupDiagnosisTest {
  private final TwoLooks looks = new TwoLooks();

  private void shouldBe(String code, String evidence) {
    assertThat(looks.codes()).containsExactly(code);
    assertThat(looks.cause().evidence()).isEqualTo(evidence);
    assertThat(looks.report().isTrouble()).isTrue();
    assertThat(looks.cause().remedy()).isNotEmpty();
  }

  @Test
  void shouldNamePartitionsAndOwnersThatCommitNothing() {
    looks.before.log(P0, 100, 1_000);
    looks.now.log(P0, 100, 1_304);
    shouldBe(
        "BLOCKED_PARTITION",
        "a/10.0.0.1 has committed nothing for 10 s of orders-0@100, where 1,204 records wait");
    assertThat(looks.report().partitions().get(0).stands()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void shouldSayThatItsOwnerCommitsOtherPartitions() {
    looks.before.members = List.of(member("a", 1, P0, P1));
    looks.now.members = List.of(member("a", 1, P0, P1));
    looks.before.log(P0, 100, 1_000).log(P1, 100, 1_000);
    looks.now.log(P0, 100, 1_000).log(P1, 900, 1_000);
    shouldBe(
        "BLOCKED_PARTITION",
        "a/10.0.0.1 has committed nothing for 10 s of orders-0@100, where 900 records wait; of 1"
            + " other partition it commits");
  }

  @Test
  void shouldNameTheRecordThatItsOwnerNoted() {
    RetryEntry entry =
        new RetryEntry(104, 5, 1_000, FIRST.getEpochSecond() - 50, RetryEntry.Fate.RETRYING);
    looks.before.noted(P0, 100, 1_000, note(null, entry));
    looks.now.noted(P0, 100, 1_304, note(null, entry));
    shouldBe(
        "BLOCKED_RETRYING",
        "orders-0@104 failed 5 times since 2026-01-02T03:03:10Z (60 s); 1,204 records of its"
            + " partition wait");
    assertThat(looks.report().partitions().get(0).note())
        .isEqualTo("1 record failing, the first at offset 104 (5 attempts)");
  }

  @Test
  void shouldNameTheRecordThatIsGivenUpAndNotPutAway() {
    RetryEntry tried = new RetryEntry(103, 1, 1_000, -1, RetryEntry.Fate.RETRYING);
    RetryEntry given = new RetryEntry(104, 8, 1_000, -1, RetryEntry.Fate.EXHAUSTED);
    looks.before.noted(P0, 100, 1_000, note(null, tried, given));
    looks.now.noted(P0, 100, 1_304, note(null, tried, given));
    shouldBe(
        "BLOCKED_RECORD",
        "orders-0@104 failed 8 times and is given up (EXHAUSTED), but is neither a dead letter nor"
            + " skipped; 1 more of its partition fail; 1,204 records of its partition wait");
  }

  @Test
  void shouldSayThatOwnersDie() {
    CrashCase crash =
        new CrashCase(
            2, List.of(new OffsetRange(104, 120)), -1, false, 0, FIRST.getEpochSecond() - 5);
    looks.before.noted(P0, 100, 1_000, note(crash));
    looks.now.noted(P0, 101, 1_000, note(crash));
    shouldBe(
        "CRASHES",
        "2 owners of orders-0 died in a row; 16 records from offset 104 on are suspects");
  }

  @Test
  void shouldSayThatNobodyConsumes() {
    looks.before.members = List.of();
    looks.now.members = List.of();
    looks.now.state = "EMPTY";
    looks.now.log(P0, 100, 1_000);
    shouldBe("NO_MEMBERS", "nobody is in group billing, and 900 records wait");
  }

  @Test
  void shouldSayThatThereIsNoSuchGroup() {
    looks.now.members = List.of();
    looks.now.logs.clear();
    looks.now.state = "DEAD";
    shouldBe("GROUP_UNKNOWN", "group billing has no members and has committed nothing");
  }

  @Test
  void shouldSayThatNothingMayBeSeen() {
    looks.now.logs.clear();
    looks.now.refused = List.of(P0, P1);
    shouldBe("NOT_PERMITTED", "the logs of orders-0, orders-1 may not be seen");
  }

  @Test
  void shouldSayWhichPartitionsHaveNoLeader() {
    looks.now.logs.remove(P1);
    looks.now.leaderless = List.of(P1);
    shouldBe("BROKER_TROUBLE", "no leader answers for orders-1");
  }

  @Test
  void shouldSayWhatNobodyOwns() {
    looks.before.members.remove(1);
    looks.now.members.remove(1);
    looks.before.log(P1, 100, 1_000);
    looks.now.log(P1, 100, 1_000);
    shouldBe("NOT_OWNED", "no member owns orders-1, where 900 records wait");
  }

  @Test
  void shouldSayThatMembersOwnNothing() {
    for (TwoLooks.Look look : List.of(looks.before, looks.now)) {
      look.logs.clear();
      look.members = List.of(member("a", 1));
    }
    shouldBe("NOTHING_ASSIGNED", "1 member are there and own no partition");
  }

  @Test
  void shouldSayWhoComesAndGoesWhileTheGroupRebalances() {
    looks.before.state = "PREPARING_REBALANCE";
    looks.now.state = "PREPARING_REBALANCE";
    looks.now.members.set(1, member("c", 3, P1));
    shouldBe(
        "FROZEN_REBALANCES",
        "the group has been PREPARING_REBALANCE for 10 s; members changed between 1 of the last 1"
            + " look; joined: c/10.0.0.3; left: b/10.0.0.2");
  }

  @Test
  void shouldNameWhoDoesNotGiveUpWhatItShould() {
    looks.before.state = "RECONCILING";
    looks.now.state = "RECONCILING";
    looks.now.members.set(0, new Member("a-1", "a", "/10.0.0.1", List.of(P0), List.of(P0)));
    assertThat(looks.codes()).containsExactly("FROZEN_REBALANCES");
    assertThat(looks.cause().evidence())
        .endsWith("has not given up what it should yet: a/10.0.0.1 (orders-0)");
  }

  @Test
  void shouldNameTheTransactionThatNobodyEnds() {
    looks.before.open(P0, 100, 100, 400, FIRST.minusSeconds(50));
    looks.now.open(P0, 100, 100, 500, FIRST.minusSeconds(50));
    shouldBe(
        "BLOCKED_TRANSACTION",
        "a transaction of producer 4711 is open at orders-0@100, where it wrote nothing for 60 s;"
            + " read_committed gets no further, and 400 records wait");
  }

  @Test
  void shouldSayThatNothingWasEverCommittedThoughRecordsCome() {
    looks.before.fresh(P0, 40, 1_000);
    looks.now.fresh(P0, 40, 1_304);
    shouldBe(
        "BLOCKED_PARTITION",
        "a/10.0.0.1 has committed nothing for 10 s of orders-0@40, where 1,264 records wait");
  }

  @Test
  void shouldSayThatTheGroupNeverCommittedAnything() {
    looks.before.fresh(P0, 0, 1_000).fresh(P1, 0, 0);
    looks.now.fresh(P0, 0, 1_000).fresh(P1, 0, 0);
    shouldBe(
        "NOTHING_COMMITTED",
        "the group has never committed anything, and 1,000 records are in orders-0");
  }

  @Test
  void shouldSayWhatRetentionTook() {
    looks.now.put(P0, deleted(100, 350, 400));
    assertThat(looks.codes()).containsExactly("RECORDS_LOST");
    assertThat(looks.cause().evidence())
        .isEqualTo(
            "up to 250 records were deleted before the group committed them: orders-0 is committed"
                + " up to 100 and begins at 350");
    assertThat(looks.report().partitions().get(0).lag()).as("what is left").isEqualTo(50);
  }

  private static Sample.Log deleted(long committed, long begin, long end) {
    return new Sample.Log(
        java.util.OptionalLong.of(committed),
        java.util.Optional.empty(),
        begin,
        end,
        end,
        end,
        java.util.Optional.empty(),
        false,
        java.util.Optional.empty());
  }

  @Test
  void shouldSayThatTheLogWasCut() {
    looks.before.log(P0, 100, 10);
    looks.now.log(P0, 100, 12);
    shouldBe("OFFSET_PAST_END", "committed beyond the end of the log: orders-0@100 of 12");
  }

  @Test
  void shouldNameTheHotPartition() {
    looks.before.log(P0, 1_000, 50_000).log(P1, 1_000, 1_100);
    looks.now.log(P0, 1_500, 60_000).log(P1, 1_600, 1_700);
    shouldBe(
        "PARALLELISM_HOT_PARTITION",
        "100 % of the lag is in orders-0, where 1,000/s arrive and 50/s are committed: 58,600"
            + " records behind, 110/s committed, 1,060/s arrive");
  }

  @Test
  void shouldNameTheHotMember() {
    List<Member> members = List.of(member("a", 1, P0, P1), member("c", 3, P2));
    looks.before.members = members;
    looks.now.members = members;
    looks.before.log(P0, 1_000, 50_000).log(P1, 1_000, 50_000).log(P2, 1_000, 1_000);
    looks.now.log(P0, 1_500, 60_000).log(P1, 1_500, 60_000).log(P2, 9_000, 9_100);
    shouldBe(
        "PARALLELISM_HOT_MEMBER",
        "100 % of the lag is with a/10.0.0.1, which owns 2 of 3 partitions: 117,100 records behind,"
            + " 900/s committed, 2,810/s arrive");
  }

  private static final org.apache.kafka.common.TopicPartition P2 =
      new org.apache.kafka.common.TopicPartition("orders", 2);

  @Test
  void shouldSayThatMoreMembersCannotHelp() {
    looks.now.members.add(member("d", 4));
    looks.before.members.add(member("d", 4));
    looks.before.log(P0, 1_000, 50_000).log(P1, 1_000, 50_000);
    looks.now.log(P0, 1_500, 60_000).log(P1, 1_600, 60_000);
    shouldBe(
        "PARALLELISM_PARTITIONS",
        "1 member of 3 owns nothing: there are but 2 partitions; 116,900 records behind, 110/s"
            + " committed, 2,000/s arrive");
  }

  @Test
  void shouldAskForMoreWhereAllAreBusy() {
    looks.before.log(P0, 1_000, 50_000).log(P1, 1_000, 50_000);
    looks.now.log(P0, 1_500, 60_000).log(P1, 1_600, 60_000);
    shouldBe("PARALLELISM_WORKERS", "116,900 records behind, 110/s committed, 2,000/s arrive");
  }

  @Test
  void shouldSayWhatWillExpire() {
    looks.now.retention.put("orders", Duration.ofHours(12));
    looks.before.aged(P0, 1_000, 50_000, Duration.ofHours(11));
    looks.now.aged(P0, 1_100, 60_000, Duration.ofHours(11));
    assertThat(looks.codes()).containsExactly("PARALLELISM_HOT_PARTITION", "RETENTION_RISK");
    assertThat(looks.report().causes().get(1).evidence())
        .isEqualTo("the oldest record of orders-0 that is not committed expires in 60 min");
  }

  @Test
  void shouldSayNothingIsWrongWithItsCodeOnly() {
    assertThat(looks.codes()).containsExactly(Cause.NOTHING_WRONG);
    assertThat(looks.report().isTrouble()).isFalse();
    assertThat(looks.cause().remedy()).isEmpty();
  }
}
