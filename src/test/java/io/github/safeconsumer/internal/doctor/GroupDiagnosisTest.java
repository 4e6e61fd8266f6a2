package io.github.safeconsumer.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import io.github.safeconsumer.internal.doctor.Sample.Member;
import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two looks at a group, and what follows from them; nothing is made up. */
class GroupDiagnosisTest {
  private static final Instant FIRST = Instant.parse("2026-01-02T03:04:00Z");
  private static final Instant SECOND = FIRST.plusSeconds(10);
  private static final TopicPartition P0 = new TopicPartition("orders", 0);
  private static final TopicPartition P1 = new TopicPartition("orders", 1);

  private final Look before = new Look(FIRST);
  private final Look now = new Look(SECOND);

  /** One look; two members with a partition each, all done. */
  private static final class Look {
    private final Instant at;
    private String state = "STABLE";
    private List<Member> members =
        new ArrayList<>(
            List.of(
                new Member("a-1", "a", "/10.0.0.1", List.of(P0)),
                new Member("b-1", "b", "/10.0.0.2", List.of(P1))));
    private final Map<TopicPartition, Log> logs = new HashMap<>();
    private final Map<String, Duration> retention = new HashMap<>();

    Look(Instant at) {
      this.at = at;
      log(P0, 100, 100, null);
      log(P1, 100, 100, null);
    }

    Look log(TopicPartition partition, long committed, long end, @Nullable Note note) {
      return log(partition, committed, end, note, Duration.ofMinutes(1));
    }

    Look log(
        TopicPartition partition, long committed, long end, @Nullable Note note, Duration age) {
      logs.put(
          partition,
          new Log(
              OptionalLong.of(committed),
              Optional.ofNullable(note),
              0,
              end,
              committed < end ? Optional.of(at.minus(age)) : Optional.empty(),
              false));
      return this;
    }

    Sample sample() {
      return new Sample(at, "billing", "CONSUMER", state, members, logs, retention, List.of());
    }
  }

  private GroupReport report() {
    return Reporting.report(before.sample(), now.sample());
  }

  private List<String> codes() {
    return report().causes().stream().map(Cause::code).toList();
  }

  private Cause first() {
    return report().causes().get(0);
  }

  private static Note note(@Nullable CrashCase crash, RetryEntry... retries) {
    return new Note(
        Identity.of(null, null),
        100,
        Mode.OPEN,
        1,
        1_000,
        crash,
        List.of(),
        List.of(retries),
        List.of());
  }

  @Test
  void shouldSayThatNothingIsWrongWhereAllIsDone() {
    assertThat(codes()).containsExactly(Cause.NOTHING_WRONG);
    assertThat(report().isTrouble()).isFalse();
    assertThat(first().evidence()).isEqualTo("2 partitions, all committed to their end");
  }

  @Test
  void shouldGiveNoAlarmWhileItCatchesUp() {
    before.log(P0, 100, 50_000, null);
    now.log(P0, 20_100, 51_000, null);
    assertThat(codes()).containsExactly(Cause.NOTHING_WRONG);
    assertThat(first().evidence())
        .isEqualTo(
            "30,900 records in work or on their way, committed in about 16 s at the rate of late");
    assertThat(report().partitions().get(0).committedPerSecond()).hasValue(2_000);
    assertThat(report().partitions().get(0).arrivedPerSecond()).hasValue(100);
  }

  @Test
  void shouldCountNothingWhereOnlyMarkersStandBeforeTheEnd() {
    Log markers = new Log(OptionalLong.of(100), Optional.empty(), 0, 102, Optional.empty(), true);
    before.logs.put(P0, markers);
    now.logs.put(P0, markers);
    assertThat(codes()).containsExactly(Cause.NOTHING_WRONG);
    assertThat(report().lag()).isZero();
  }

  @Test
  void shouldTellNothingOfRatesAtTheFirstLook() {
    now.log(P0, 100, 50_000, null);
    GroupReport report = Reporting.report(null, now.sample());
    assertThat(report.partitions().get(0).committedPerSecond()).isEmpty();
    assertThat(report.unseen()).anyMatch(what -> what.contains("first look"));
    assertThat(report.causes()).extracting(Cause::code).containsExactly(Cause.NOTHING_WRONG);
    assertThat(report.causes().get(0).evidence())
        .endsWith("look again in some seconds to know more");
  }

  @Test
  void shouldNamePartitionsAndOwnersThatCommitNothing() {
    before.log(P0, 100, 1_000, null);
    now.log(P0, 100, 1_304, null);
    assertThat(codes()).containsExactly("BLOCKED_PARTITION");
    assertThat(first().evidence())
        .isEqualTo(
            "a/10.0.0.1 has committed nothing in 10 s of orders-0@100, where 1,204 records wait");
  }

  @Test
  void shouldNotCallWhatHasJustArrivedStuck() {
    now.log(P0, 100, 101, null);
    assertThat(codes()).containsExactly(Cause.NOTHING_WRONG);
  }

  @Test
  void shouldNameTheRecordThatItsOwnerNoted() {
    RetryEntry entry =
        new RetryEntry(104, 5, 1_000, FIRST.getEpochSecond() - 50, RetryEntry.Fate.RETRYING);
    before.log(P0, 100, 1_000, note(null, entry));
    now.log(P0, 100, 1_304, note(null, entry));
    assertThat(codes()).containsExactly("BLOCKED_RETRYING");
    assertThat(first().evidence())
        .isEqualTo(
            "orders-0@104 failed 5 times since 2026-01-02T03:03:10Z (60 s); 1,204 records of its"
                + " partition wait");
    assertThat(report().partitions().get(0).note())
        .isEqualTo("1 record failing, the first at offset 104 (5 attempts)");
  }

  @Test
  void shouldNameTheDeadLetterThatIsOwed() {
    RetryEntry entry = new RetryEntry(104, 8, 1_000, -1, RetryEntry.Fate.EXHAUSTED);
    before.log(P0, 100, 1_000, note(null, entry));
    now.log(P0, 100, 1_304, note(null, entry));
    assertThat(codes()).containsExactly("BLOCKED_DEAD_LETTER");
  }

  @Test
  void shouldSayNothingOfAFailureThatHealed() {
    before.log(P0, 100, 1_000, note(null, new RetryEntry(104, 1, 1, -1, RetryEntry.Fate.RETRYING)));
    now.log(P0, 900, 1_000, null);
    assertThat(codes()).containsExactly(Cause.NOTHING_WRONG);
  }

  @Test
  void shouldSayThatOwnersDie() {
    CrashCase crash = new CrashCase(2, List.of(new OffsetRange(104, 120)), -1, false, 0, 0);
    before.log(P0, 100, 1_000, note(crash));
    now.log(P0, 101, 1_000, note(crash));
    assertThat(codes()).containsExactly("CRASHES");
    assertThat(first().evidence())
        .isEqualTo("2 owners of orders-0 died in a row, the suspects begin at offset 104");
  }

  @Test
  void shouldSayThatNobodyConsumes() {
    before.members = List.of();
    now.members = List.of();
    now.state = "EMPTY";
    now.log(P0, 100, 1_000, null);
    assertThat(codes()).containsExactly("NO_MEMBERS");
  }

  @Test
  void shouldSayThatThereIsNoSuchGroup() {
    now.members = List.of();
    now.logs.clear();
    now.state = "DEAD";
    assertThat(codes()).containsExactly("GROUP_UNKNOWN");
  }

  @Test
  void shouldSayWhatNobodyOwns() {
    before.members.remove(1);
    now.members.remove(1);
    before.log(P1, 100, 1_000, null);
    now.log(P1, 100, 1_000, null);
    assertThat(codes()).containsExactly("NOT_OWNED");
    assertThat(first().evidence()).isEqualTo("no member owns orders-1, where 900 records wait");
  }

  @Test
  void shouldSayWhoComesAndGoes() {
    before.state = "PREPARING_REBALANCE";
    now.state = "PREPARING_REBALANCE";
    now.members.set(1, new Member("c-1", "c", "/10.0.0.3", List.of(P1)));
    assertThat(codes()).containsExactly("FROZEN_REBALANCES");
    assertThat(first().evidence())
        .isEqualTo(
            "the group is PREPARING_REBALANCE, as it was at the last look; joined: c/10.0.0.3; left:"
                + " b/10.0.0.2");
  }

  @Test
  void shouldNameTheHotPartition() {
    before.log(P0, 1_000, 50_000, null).log(P1, 1_000, 1_100, null);
    now.log(P0, 1_500, 60_000, null).log(P1, 1_600, 1_700, null);
    assertThat(codes()).containsExactly("PARALLELISM_HOT_PARTITION");
  }

  @Test
  void shouldSayThatMoreMembersCannotHelp() {
    now.members.add(new Member("d-1", "d", "/10.0.0.4", List.of()));
    before.members.add(new Member("d-1", "d", "/10.0.0.4", List.of()));
    before.log(P0, 1_000, 50_000, null).log(P1, 1_000, 50_000, null);
    now.log(P0, 1_500, 60_000, null).log(P1, 1_600, 60_000, null);
    assertThat(codes()).containsExactly("PARALLELISM_PARTITIONS");
    assertThat(first().evidence())
        .startsWith(
            "1 member of 3 own nothing: there are but 2 partitions; 116,900 records behind");
  }

  @Test
  void shouldAskForMoreWhereAllAreBusy() {
    before.log(P0, 1_000, 50_000, null).log(P1, 1_000, 50_000, null);
    now.log(P0, 1_500, 60_000, null).log(P1, 1_600, 60_000, null);
    assertThat(codes()).containsExactly("PARALLELISM_WORKERS");
    assertThat(first().evidence())
        .isEqualTo("116,900 records behind, 110/s committed, 2,000/s arrive");
  }

  @Test
  void shouldSayWhatWillExpire() {
    now.retention.put("orders", Duration.ofHours(12));
    before.log(P0, 1_000, 50_000, null, Duration.ofHours(11));
    now.log(P0, 1_100, 60_000, null, Duration.ofHours(11));
    assertThat(codes()).contains("RETENTION_RISK");
  }
}
