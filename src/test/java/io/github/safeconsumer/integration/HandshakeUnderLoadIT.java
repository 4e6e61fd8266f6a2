package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.State;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.GroupProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pauses that several threads give while handlers are at work, while members of the group come and
 * go, and while the broker is killed and started again: each is true within moments, and stays true
 * until its resume.
 *
 * <p>With {@code -Dsafeconsumer.long=true} thirty times as many.
 */
@Timeout(600)
class HandshakeUnderLoadIT {
  private static final String DYNAMIC = "io.github.safeconsumer.support.GroupProtocol#dynamic";
  private static final int ROUNDS = Boolean.getBoolean("safeconsumer.long") ? 1_200 : 40;
  private static final int CROSSINGS = 60;

  private static LocalKafka kafka;

  @BeforeAll
  static void startItsOwnBrokerSinceItIsKilled() {
    kafka = LocalKafka.start(1);
  }

  @AfterAll
  static void end() {
    kafka.close();
  }

  @ParameterizedTest
  @MethodSource(DYNAMIC)
  void shouldHoldEveryPauseThoughHandlersBlockMembersComeAndGoAndTheBrokerDies(
      GroupProtocol protocol) throws Exception {
    try (BusyGroup group = new BusyGroup(kafka.bootstrapServers(), protocol);
        Commanders commanders = new Commanders(group.subject().commands())) {
      CompletableFuture<Void> siblings = group.letSiblingsComeAndGo();
      CompletableFuture<Void> outage = null;
      List<CompletableFuture<Outcome>> resumed = new ArrayList<>();
      long duringOutage = 0;
      for (int round = 0; round < ROUNDS || !outage.isDone() || group.joins() < 4; round++) {
        if (round == ROUNDS / 3) {
          outage = group.killAndRestart(kafka);
        }
        resumed.addAll(round(group, commanders, round));
        if (outage == null || outage.isDone()) {
          group.keepFed();
        }
        duringOutage += outage != null && !outage.isDone() ? 1 : 0;
      }
      outage.get(90, TimeUnit.SECONDS);
      crossings(group, commanders, protocol.name().hashCode());
      group.stopSiblings();
      letOutUntilDone(group, siblings);
      lastIntentWins(group);
      answered(resumed);
      group.finish();

      System.out.printf(
          "FIGURES handshake under load, %s: pauses with blocked handlers %s; of partitions %s;"
              + " %d rounds while the broker was away; %d joins and leaves of siblings,"
              + " %d rebalances seen; %d records, 0 lost, %d duplicates; client restarts %d%n",
          protocol,
          commanders.pauses(),
          commanders.partitionPauses(),
          duringOutage,
          group.joins(),
          group.subject().status().rebalances(),
          group.records(),
          group.duplicates(),
          group.subject().status().restarts());
      assertThat(commanders.pauses().count()).isGreaterThanOrEqualTo(150);
      assertThat(commanders.pauses().count() + commanders.partitionPauses().count())
          .isGreaterThanOrEqualTo(200);
      assertThat(duringOutage).as("rounds while the broker was away").isPositive();
      assertThat(group.subject().status().rebalances()).as("rebalances").isGreaterThan(2);
      assertThat(commanders.pauses().millis(99))
          .as("far above what is printed: a loaded machine must not fail the build")
          .isLessThan(2_000);
      assertThat(group.distinct()).as("records handled").isEqualTo(group.records());
      assertThat(group.duplicates()).as(group::whatHappened).isZero();
      assertThat(group.overlaps()).isEmpty();
    }
  }

  /** Handlers are in; four threads pause; the handlers end; nothing follows; it goes on. */
  private static List<CompletableFuture<Outcome>> round(
      BusyGroup group, Commanders commanders, int round) throws Exception {
    awaitSomebodyInside(group);
    int before = commanders.pauseAtOnce(group.partition(round));
    assertThat(before).as("all of them applied").isEqualTo(Commanders.THREADS);
    assertThat(group.door().inside()).as("handlers that stayed inside").isPositive();
    awaitAllInside(group);
    int started = group.startedBySubject();
    letAllOut(group);
    long polls = group.subject().clients().polls();
    soon().until(() -> group.subject().clients().polls() >= polls + 2);
    assertThat(group.startedBySubject()).as("records started while paused").isEqualTo(started);
    // Not waited for: the loop may be in a hand-over, and wait for the handlers of the next round.
    List<CompletableFuture<Outcome>> resumed = new ArrayList<>();
    resumed.add(group.subject().commands().resume());
    if (round % 2 == 1) {
      assertStillHeld(group, round);
    }
    resumed.add(group.subject().commands().resume(List.of(group.partition(round))));
    return resumed;
  }

  /** The consumer is resumed, one partition is not. */
  private static void assertStillHeld(BusyGroup group, int round) {
    long held = group.startedBySubject(group.partition(round));
    long polls = group.subject().clients().polls();
    soon().until(() -> group.subject().clients().polls() >= polls + 2 || group.door().inside() > 0);
    assertThat(group.startedBySubject(group.partition(round)))
        .as("records of a partition that is still paused")
        .isEqualTo(held);
  }

  /** Each thread gives commands at random and waits for none: every one is answered. */
  private static void crossings(BusyGroup group, Commanders commanders, int seed) throws Exception {
    group.door().open();
    List<CompletableFuture<Outcome>> answers =
        commanders.cross(group.partitions(), CROSSINGS, seed);
    answered(answers);
    group.door().shut();
  }

  private static void answered(List<CompletableFuture<Outcome>> answers) throws Exception {
    for (CompletableFuture<Outcome> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS).result()).isNotEqualTo(Outcome.Result.FAILED);
    }
  }

  private static void lastIntentWins(BusyGroup group) throws Exception {
    applied(group.subject().commands().pause());
    awaitAllInside(group);
    letAllOut(group);
    int started = group.startedBySubject();
    long polls = group.subject().clients().polls();
    soon().until(() -> group.subject().clients().polls() >= polls + 10);
    assertThat(group.startedBySubject()).isEqualTo(started);
    assertThat(group.subject().status().state()).isEqualTo(State.PAUSED);
    applied(group.subject().commands().resume(group.partitions()));
    applied(group.subject().commands().resume());
    soon().until(() -> group.subject().status().state() == State.RUNNING);
  }

  private static void applied(CompletableFuture<Outcome> answer) throws Exception {
    Outcome outcome = answer.get(60, TimeUnit.SECONDS);
    assertThat(outcome.applied()).as(outcome.toString()).isTrue();
  }

  /** A start that came before the pause may still be on its way into the handler. */
  private static void awaitAllInside(BusyGroup group) {
    soon().until(() -> group.subject().inFlight() <= group.door().inside());
  }

  private static void letAllOut(BusyGroup group) {
    group.door().letOut();
    soon().until(() -> group.door().inside() == 0 && group.subject().inFlight() == 0);
  }

  /**
   * A member that leaves waits for its handlers, and whoever takes over for those it had before.
   */
  private static void letOutUntilDone(BusyGroup group, CompletableFuture<Void> siblings)
      throws Exception {
    soon()
        .until(
            () -> {
              group.door().letOut();
              return siblings.isDone();
            });
    siblings.get(0, TimeUnit.SECONDS);
  }

  private static void awaitSomebodyInside(BusyGroup group) {
    soon().untilAsserted(() -> assertThat(group.door().inside()).as(group::toString).isPositive());
  }

  private static ConditionFactory soon() {
    return await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2));
  }
}
