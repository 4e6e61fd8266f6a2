package io.github.safeconsumer.internal.diagnosis;

import static io.github.safeconsumer.internal.diagnosis.Situation.P0;
import static io.github.safeconsumer.internal.diagnosis.Situation.P1;
import static io.github.safeconsumer.internal.diagnosis.Situation.ago;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.Cause;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.State;
import io.github.safeconsumer.internal.diagnosis.Chronicle.Kind;
import io.github.safeconsumer.internal.diagnosis.Chronicle.Move;
import io.github.safeconsumer.internal.diagnosis.Facts.Running;
import io.github.safeconsumer.internal.diagnosis.Facts.Stuck;
import io.github.safeconsumer.internal.diagnosis.Facts.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The cause that is named is the one that has to be acted on; nothing is made up. */
class DiagnosisTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Situation now = new Situation();

  private Cause only() {
    List<Cause> causes = now.diagnose();
    assertThat(causes).hasSize(1);
    return causes.get(0);
  }

  private void nothingIsWrong(String says) {
    Cause cause = only();
    assertThat(cause.code()).isEqualTo(Cause.NOTHING_WRONG);
    assertThat(cause.isTrouble()).isFalse();
    assertThat(cause.evidence()).contains(says);
    assertThat(cause.remedy()).isEmpty();
  }

  // ---- no false alarm

  @Test
  void shouldSayThatNothingIsWrongOfAnIdleConsumer() {
    nothingIsWrong("2 partitions, all done");
  }

  @Test
  void shouldSayThatNothingIsWrongWhereOthersHaveAllPartitions() {
    now.partitions.clear();
    nothingIsWrong("no partition is owned");
  }

  @Test
  void shouldGiveNoAlarmWhileItCatchesUp() {
    now.busy = 1;
    now.flow(P0, 1_000_000, 5_000, 100).flow(P1, 400_000, 5_000, 100);
    nothingIsWrong("1,400,000 records in work or on their way, done in about 3 min");
  }

  @Test
  void shouldGiveNoAlarmForWorkOnItsWay() {
    now.busy = 0.9;
    now.flow(P0, 300, 100, 100).flow(P1, 90, 100, 110);
    nothingIsWrong("390 records");
  }

  @Test
  void shouldGiveNoAlarmForADeploy() {
    for (int i = 0; i < 4; i++) {
      now.moves.add(new Move(ago(MINUTE), Kind.REVOKED, 2, ""));
      now.moves.add(new Move(ago(MINUTE), Kind.ASSIGNED, 2, ""));
    }
    nothingIsWrong("all done");
  }

  @Test
  void shouldGiveNoAlarmForARetryThatHasJustBegun() {
    now.stuck.add(
        new Stuck(P0, 7, Waits.RETRY, 1, Optional.of(ago(Duration.ofSeconds(5))), "E", ""));
    nothingIsWrong("all done");
  }

  @Test
  void shouldGiveNoAlarmWhereOldRecordsAreDoneLongBeforeTheyExpire() {
    now.retention.put("orders", Duration.ofDays(7));
    now.flow(P0, 1_000_000, 5_000, 0, Duration.ofDays(6), Set.of());
    nothingIsWrong("1,000,000 records");
  }

  // ---- blocked

  @Test
  void shouldNameTheRecordThatWaitsForAnOperator() {
    now.flow(P0, 1_204, 0, 10);
    now.stuck.add(
        new Stuck(
            P0,
            42,
            Waits.OPERATOR,
            8,
            Optional.of(ago(Duration.ofMinutes(8))),
            "java.lang.IllegalStateException",
            "EXHAUSTED after 8 attempts"));
    Cause cause = only();
    assertThat(cause.code()).isEqualTo("BLOCKED_RECORD");
    assertThat(cause.evidence())
        .isEqualTo(
            "orders-0@42 (attempt 8 of 8 failed) waits for an operator since 2026-01-02T02:56:05Z (8"
                + " min): EXHAUSTED after 8 attempts; 1,204 records of its partition wait");
    assertThat(cause.remedy()).contains("resolve(orders-0, 42, RETRY)");
    assertThat(cause.numbers())
        .containsEntry("topic", "orders")
        .containsEntry("partition", 0)
        .containsEntry("offset", 42L)
        .containsEntry("attempts", 8)
        .containsEntry("maxAttempts", 8)
        .containsEntry("sinceMs", 480_000L)
        .containsEntry("lag", 1_204L);
    assertThat(cause.toString())
        .startsWith("code=BLOCKED_RECORD evidence=\"orders-0@42")
        .contains(" lag=1204 ");
  }

  @Test
  void shouldNameTheRecordThatIsTriedAgainAndAgain() {
    now.stuck.add(
        new Stuck(P1, 9, Waits.RETRY, 5, Optional.of(ago(MINUTE)), "java.io.IOException", ""));
    assertThat(only().evidence())
        .startsWith("orders-1@9 (attempt 5 of 8 failed) is tried again and holds its lane since")
        .contains("(60 s): java.io.IOException");
    assertThat(only().code()).isEqualTo("BLOCKED_RETRYING");
  }

  @Test
  void shouldShowWhereAHandlerHangs() {
    now.running.add(
        new Running(
            P0,
            5,
            Duration.ofMinutes(4),
            true,
            false,
            "shipping-worker-1",
            List.of("java.net.Socket.read", "Client.call", "Handler.handle", "Runner.run")));
    assertThat(only().code()).isEqualTo("BLOCKED_HUNG");
    assertThat(only().evidence())
        .startsWith(
            "orders-0@5 is in its handler for 4 min, past its deadline, on shipping-worker-1 at"
                + " java.net.Socket.read < Client.call < Handler.handle");
  }

  @Test
  void shouldNameTheDeadLetterTopicThatCannotBeWritten() {
    now.deadLetters =
        Optional.of(new Facts.DeadLetterTrouble(ago(MINUTE), "TopicAuthorizationException"));
    now.stuck.add(new Stuck(P0, 3, Waits.DEAD_LETTER, 8, Optional.empty(), "E", ""));
    assertThat(only().code()).isEqualTo("BLOCKED_DEAD_LETTER");
    assertThat(only().evidence())
        .startsWith("1 dead letter cannot be written since")
        .contains("TopicAuthorizationException; the first is orders-0@3");
  }

  @Test
  void shouldNameTheBreakersThatAreOpen() {
    now.breakers.add(
        new BreakerStatus(
            "",
            BreakerStatus.State.OPEN,
            false,
            3,
            2,
            Optional.of(ago(MINUTE)),
            Optional.of(Situation.NOW.plusSeconds(4)),
            1,
            2));
    now.breakers.add(
        new BreakerStatus(
            "ledger",
            BreakerStatus.State.CLOSED,
            false,
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            0,
            0));
    assertThat(only().code()).isEqualTo("BLOCKED_BREAKER");
    assertThat(only().evidence())
        .startsWith("the breaker of the consumer is open since")
        .endsWith("; opened 2 times in a row, next probe in 4 s");
  }

  @Test
  void shouldSayWhoPausedWhatAndSinceWhen() {
    now.state = State.PAUSED;
    now.paused = Set.of(PauseReason.USER, PauseReason.FLOOD);
    now.pausedSince.put(PauseReason.USER, ago(MINUTE));
    now.flow(P1, 10, 0, 0, MINUTE, Set.of(PauseReason.USER));
    assertThat(now.codes()).containsExactly("BLOCKED_PAUSED", "BLOCKED_FLOOD", "BLOCKED_PAUSED");
    assertThat(now.diagnose().get(0).evidence())
        .isEqualTo("pause() was called for the whole consumer since 2026-01-02T03:03:05Z (60 s)");
    assertThat(now.diagnose().get(2).evidence()).startsWith("pause(..) was called for [orders-1]");
  }

  @Test
  void shouldSayThatItIsSuspended() {
    now.state = State.SUSPENDED;
    now.paused = Set.of(PauseReason.USER);
    assertThat(now.codes()).containsExactly("BLOCKED_SUSPENDED");
  }

  @Test
  void shouldSayThatTheSpendingLimitIsReached() {
    now.spendingUntil = Optional.of(Situation.NOW.plusSeconds(60));
    assertThat(now.codes()).containsExactly("BLOCKED_SPENDING");
  }

  @Test
  void shouldNotBlameTheParallelismOfWhatIsBlocked() {
    now.busy = 1;
    now.flow(P0, 1_000_000, 10, 500);
    now.stuck.add(new Stuck(P1, 1, Waits.OPERATOR, 8, Optional.empty(), "", "held"));
    assertThat(now.codes()).containsExactly("BLOCKED_RECORD");
  }

  // ---- frozen

  @Test
  void shouldTellOwnEvictionsFromTheComingsAndGoingsOfOthers() {
    now.moves.add(new Move(ago(MINUTE), Kind.LOST, 2, "the process stood still for 50 s"));
    for (int i = 0; i < 7; i++) {
      now.moves.add(new Move(ago(MINUTE), Kind.ASSIGNED, 1, ""));
      now.moves.add(new Move(ago(MINUTE), Kind.REVOKED, 1, ""));
    }
    assertThat(now.codes()).containsExactly("FROZEN_EVICTED", "FROZEN_REBALANCES");
    assertThat(now.diagnose().get(0).evidence())
        .isEqualTo(
            "this member was thrown out of its group 1 time in 10 min, last 60 s ago: the process"
                + " stood still for 50 s");
    assertThat(now.diagnose().get(1).evidence())
        .startsWith("7 assignments in 10 min (7 partitions taken over, 7 handed over, 1 times");
  }

  @Test
  void shouldForgetRebalancesOfLongAgo() {
    now.moves.add(new Move(ago(Duration.ofMinutes(11)), Kind.LOST, 2, "long ago"));
    nothingIsWrong("all done");
  }

  @Test
  void shouldSayWhatIsWrongWithTheBrokers() {
    now.failure = Optional.of("the last commit failed: TimeoutException");
    assertThat(only().code()).isEqualTo("BROKER_TROUBLE");
    assertThat(only().evidence()).contains("the last commit failed");
  }

  @Test
  void shouldSayWhyItHasEnded() {
    now.state = State.FAILED;
    now.failure = Optional.of("the action STOP for orders-0@0");
    now.partitions.clear();
    assertThat(now.codes()).containsExactly("FAILED");
  }

  // ---- too slow

  private void fallsBehind() {
    now.busy = 1;
    now.flow(P0, 50_000, 50, 60).flow(P1, 45_000, 50, 70);
  }

  @Test
  void shouldAskForMoreWorkersWhereAllAreBusy() {
    now.ordering = Ordering.KEY;
    fallsBehind();
    assertThat(only().code()).isEqualTo("PARALLELISM_WORKERS");
    assertThat(only().evidence())
        .isEqualTo(
            "95,000 records behind, 100/s done, 130/s arrive: of concurrency(2) 0 are busy, and 100 %"
                + " were over the last 10 s");
  }

  @Test
  void shouldNotJudgeTheFirstSecondsOfAPartition() {
    fallsBehind();
    now.measuredFor = Duration.ofSeconds(4);
    nothingIsWrong("95,000 records in work");
  }

  @Test
  void shouldShowTheHandlerWhereItHangsAndNotTheJdk() {
    now.running.add(
        new Running(
            P0,
            7,
            MINUTE,
            true,
            false,
            "orders-worker-1",
            List.of(
                "java.base@17/sun.nio.ch.Net.poll(Native Method)",
                "java.base@17/sun.nio.ch.NioSocketImpl.park(NioSocketImpl.java:186)",
                "app//shop.Billing.charge(Billing.java:42)",
                "app//shop.Orders.handle(Orders.java:7)")));
    assertThat(only().evidence())
        .contains(
            " at java.base@17/sun.nio.ch.Net.poll(Native Method) < app//shop.Billing.charge(Billing.java:42)"
                + " < app//shop.Orders.handle(Orders.java:7)");
  }

  @Test
  void shouldAskForPartitionsOrKeysWhereMoreWorkersCannotHelp() {
    now.concurrency = 16;
    fallsBehind();
    now.busy = 2 / 16.0;
    assertThat(only().code()).isEqualTo("PARALLELISM_PARTITIONS");
  }

  @Test
  void shouldSayThatNoConsumerCouldKeepUp() {
    now.latency = Duration.ofMillis(20);
    fallsBehind();
    assertThat(only().code()).isEqualTo("PRODUCER_FASTER");
    assertThat(only().evidence())
        .endsWith("at 20 ms a record 3 would have to run at once, and ordering PARTITION allows 2");
  }

  @Test
  void shouldNameTheHotPartitionThoughTheOthersHaveRoom() {
    now.busy = 0.5;
    now.flow(P0, 80_000, 50, 400).flow(P1, 10, 50, 50);
    assertThat(only().code()).isEqualTo("PARALLELISM_HOT_PARTITION");
    assertThat(only().evidence()).contains("100 % of it in orders-0");
    assertThat(only().remedy()).contains("KEY");
  }

  @Test
  void shouldNameTheHotKey() {
    now.ordering = Ordering.KEY;
    fallsBehind();
    now.hottest.put(P0, new Facts.Lane(950, 1_000));
    assertThat(only().code()).isEqualTo("PARALLELISM_HOT_KEY");
    assertThat(only().evidence()).contains("one key has 950 of the 1,000 records");
  }

  @Test
  void shouldSayThatTheDownstreamIsSlowerThanUsual() {
    now.latency = Duration.ofMillis(400);
    now.usual.put("orders", Duration.ofMillis(20));
    fallsBehind();
    assertThat(only().code()).isEqualTo("PARALLELISM_SLOWER");
    assertThat(only().evidence()).contains("takes 400 ms for a record of orders, usually 20 ms");
  }

  @Test
  void shouldNameTheRateLimit() {
    now.limit = OptionalDouble.of(105);
    fallsBehind();
    assertThat(only().code()).isEqualTo("PARALLELISM_RATE_LIMIT");
  }

  @Test
  void shouldSayThatRecordsDoNotComeFastEnough() {
    fallsBehind();
    now.busy = 0.1;
    assertThat(only().code()).isEqualTo("PARALLELISM_FETCH");
  }

  /** The share of late still holds the idle time before. */
  @Test
  void shouldAskForMoreWorkersWhereAllHaveJustBecomeBusy() {
    fallsBehind();
    now.busy = 0.3;
    now.work(P0, 400, 1).work(P1, 400, 1);
    assertThat(only().code()).isEqualTo("PARALLELISM_WORKERS");
  }

  @Test
  void shouldNameTheOrderWhereWorkersAreIdleThoughEnoughIsReadAhead() {
    now.ordering = Ordering.KEY;
    now.concurrency = 16;
    fallsBehind();
    now.busy = 3 / 16.0;
    now.work(P0, 400, 2).work(P1, 400, 1);
    assertThat(only().code()).isEqualTo("PARALLELISM_ORDER");
    assertThat(only().evidence())
        .contains("800 records are read ahead, and only 3 of concurrency(16) are busy");
  }

  // ---- retention

  @Test
  void shouldSayWhatWillExpireBeforeItIsHandled() {
    now.retention.put("orders", Duration.ofHours(12));
    now.flow(P0, 50_000, 50, 60, Duration.ofHours(10), Set.of());
    now.busy = 1;
    assertThat(now.codes()).containsExactly("PARALLELISM_HOT_PARTITION", "RETENTION_RISK");
    assertThat(now.diagnose().get(1).evidence())
        .isEqualTo(
            "the oldest record of orders-0 that is not done expires in 2 h (retention 12 h), and"
                + " at the rate of late nobody gets there");
  }

  @Test
  void shouldSaySoOfWhatIsBlockedToo() {
    now.retention.put("orders", Duration.ofHours(12));
    now.flow(P0, 50_000, 0, 60, Duration.ofHours(11), Set.of());
    now.stuck.add(new Stuck(P0, 1, Waits.OPERATOR, 8, Optional.empty(), "", "held"));
    assertThat(now.codes()).containsExactly("BLOCKED_RECORD", "RETENTION_RISK");
  }
}
