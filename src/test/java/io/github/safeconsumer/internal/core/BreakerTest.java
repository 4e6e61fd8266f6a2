package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.BreakerStatus.State;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.internal.core.Breaker.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Breaker breaker =
      new Breaker(
          "",
          CircuitBreakerPolicy.consecutiveFailures(3)
              .openFor(Duration.ofSeconds(1), Duration.ofSeconds(8)));
  private long now;

  /**
   * O an outage, S a success, D a dead letter, K a skip, 1 to 9 an ambiguous failure of that
   * record; what is expected after all of them.
   */
  @ParameterizedTest
  @CsvSource({
    "OO,CLOSED,2",
    "OOO,OPEN,0",
    "OOSOO,CLOSED,2",
    "OODOO,CLOSED,2",
    "OOKOO,CLOSED,2",
    "OO1O,CLOSED,1",
    "1111111,CLOSED,1",
    "12,CLOSED,2",
    "123,OPEN,0",
    "112233,OPEN,0",
    "12S123,OPEN,0",
    "12S12,CLOSED,2",
    "12D3,CLOSED,1",
    "1O2O3,OPEN,0",
    "1O1O1O,CLOSED,1",
    "S,CLOSED,0"
  })
  void shouldOpenAfterOutagesInARowOrDifferentRecordsInARow(
      String outcomes, State state, int inARow) {
    for (int i = 0; i < outcomes.length(); i++) {
      feed(outcomes.charAt(i), breaker.era());
    }
    assertThat(state()).isEqualTo(state);
    assertThat(breaker.status(now, Instant.EPOCH, 0).orElseThrow().failuresInARow())
        .isEqualTo(inARow);
  }

  private Effect feed(char outcome, int era) {
    if (outcome == 'S') {
      breaker.succeeded(era, now);
      return Effect.NONE;
    }
    FailureAction action =
        switch (outcome) {
          case 'O' -> FailureAction.OUTAGE;
          case 'D' -> FailureAction.DEAD_LETTER;
          case 'K' -> FailureAction.SKIP;
          default -> FailureAction.RETRY;
        };
    return breaker.failed(era, action, outcome, now).effect();
  }

  private void open() {
    for (int i = 0; i < 3; i++) {
      feed('O', breaker.era());
    }
    assertThat(state()).isEqualTo(State.OPEN);
  }

  private State state() {
    return breaker.isClosed() ? State.CLOSED : breaker.isHalfOpen() ? State.HALF_OPEN : State.OPEN;
  }

  private int probe() {
    Breaker.Probing probing = breaker.probe(now);
    assertThat(probing).isNotNull();
    return probing.permit();
  }

  @Test
  void shouldLetOneProbeThroughWhenTheOpenTimeIsOverAndNotBefore() {
    open();
    now = SECOND - 1;
    assertThat(breaker.probe(now)).isNull();
    assertThat(breaker.nanosToProbe(now, SECOND)).isEqualTo(1);
    now = SECOND;
    assertThat(breaker.probe(now)).isNotNull();
    assertThat(breaker.probe(now)).as("one is out").isNull();
    assertThat(breaker.probe(100 * SECOND)).as("however long it takes").isNull();
  }

  @Test
  void shouldStayOpenTwiceAsLongAfterEachProbeThatFailedUpToTheCap() {
    open();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      waits.add(breaker.nanosToProbe(now, Long.MAX_VALUE) / SECOND);
      now += waits.get(i) * SECOND;
      assertThat(feed('O', probe())).isEqualTo(Effect.HELD);
    }
    assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 8L, 8L);
  }

  @Test
  void shouldForgetTheGrowthOnlyAfterASuccess() {
    open();
    now += SECOND;
    feed('O', probe());
    now += 2 * SECOND;
    feed('D', probe());
    assertThat(state()).as("it was answered").isEqualTo(State.CLOSED);
    open();
    assertThat(breaker.nanosToProbe(now, Long.MAX_VALUE)).isEqualTo(4 * SECOND);
    now += 4 * SECOND;
    feed('S', probe());
    open();
    assertThat(breaker.nanosToProbe(now, Long.MAX_VALUE)).isEqualTo(SECOND);
  }

  @Test
  void shouldForgetTheGrowthAfterASuccessWhileClosed() {
    open();
    now += SECOND;
    feed('D', probe());
    feed('S', breaker.era());
    open();
    assertThat(breaker.nanosToProbe(now, Long.MAX_VALUE)).isEqualTo(SECOND);
  }

  @Test
  void shouldCountNothingThatWasUnderWayWhenItOpened() {
    int before = breaker.era();
    open();
    for (int i = 0; i < 50; i++) {
      assertThat(feed('O', before)).isEqualTo(Effect.HELD);
      feed('S', before);
    }
    assertThat(state()).isEqualTo(State.OPEN);
    assertThat(breaker.nanosToProbe(now, Long.MAX_VALUE)).isEqualTo(SECOND);
    now += SECOND;
    int permit = probe();
    feed('S', before);
    feed('O', before);
    assertThat(state()).as("neither closes nor opens").isEqualTo(State.HALF_OPEN);
    feed('S', permit);
    for (int i = 0; i < 50; i++) {
      assertThat(feed('O', before)).isEqualTo(Effect.OUTDATED);
    }
    assertThat(state()).as("still the old ones").isEqualTo(State.CLOSED);
  }

  @Test
  void shouldTakeAPermitBackOnceAndOnlyFromWhoeverHasIt() {
    open();
    now += SECOND;
    int permit = probe();
    assertThat(breaker.giveBack(permit - 1, "old", now)).isNull();
    assertThat(breaker.giveBack(permit, "not started", now)).isNotNull();
    assertThat(breaker.giveBack(permit, "again", now)).isNull();
    now += Breaker.AGAIN_NANOS;
    int next = probe();
    feed('S', permit);
    assertThat(state()).as("a void permit says nothing").isEqualTo(State.HALF_OPEN);
    assertThat(breaker.undecided(next, "said nothing", now)).isNotNull();
    assertThat(breaker.nanosToProbe(now, Long.MAX_VALUE)).isEqualTo(SECOND);
    now += SECOND;
    assertThat(breaker.gaveUp(probe(), "hangs", now)).isNotNull();
    assertThat(breaker.nanosToProbe(now, Long.MAX_VALUE)).isEqualTo(2 * SECOND);
  }

  @Test
  void shouldRefundTheAmbiguousFailuresThatOpenedItAndNoOthers() {
    Charge early = charge('1');
    early.add(null);
    feed('S', breaker.era());
    Charge first = charge('1');
    first.add(null);
    assertThat(charge('1')).as("the same record").isSameAs(first);
    Charge second = charge('2');
    assertThat(feed('3', breaker.era())).isEqualTo(Effect.HELD);
    assertThat(early.isRefunded()).as("a success came after it").isFalse();
    assertThat(List.of(first, second)).allMatch(Charge::isRefunded);
    assertThat(breaker.takeRefunds()).contains(first, second).doesNotContain(early);
    assertThat(breaker.takeRefunds()).isEmpty();
  }

  private Charge charge(char record) {
    Breaker.Verdict verdict = breaker.failed(breaker.era(), FailureAction.RETRY, record, now);
    assertThat(verdict.charge()).isNotNull();
    return verdict.charge();
  }

  @Test
  void shouldLetNoProbeThroughWhileItIsHeldOpenByHand() {
    int era = breaker.era();
    breaker.forceOpen(now);
    now += 1_000 * SECOND;
    assertThat(breaker.probe(now)).isNull();
    feed('S', era);
    assertThat(state()).isEqualTo(State.OPEN);
    assertThat(breaker.isForced()).isTrue();
    assertThat(breaker.close(now)).isNotNull();
    assertThat(state()).isEqualTo(State.CLOSED);
    assertThat(breaker.isForced()).isFalse();
  }

  @Test
  void shouldVoidTheProbeThatIsOutWhenItIsOpenedOrClosedByHand() {
    open();
    now += SECOND;
    int permit = probe();
    breaker.forceOpen(now);
    feed('S', permit);
    assertThat(state()).isEqualTo(State.OPEN);
    breaker.close(now);
    feed('O', permit);
    feed('O', permit);
    feed('O', permit);
    assertThat(state()).isEqualTo(State.CLOSED);
  }

  @Test
  void shouldNeverOpenByItselfWhenItIsOffButByHand() {
    Breaker off = new Breaker("", CircuitBreakerPolicy.off());
    for (int i = 0; i < 100; i++) {
      assertThat(off.failed(off.era(), FailureAction.OUTAGE, i, now).effect())
          .isEqualTo(Effect.NONE);
      off.failed(off.era(), FailureAction.RETRY, i, now);
    }
    assertThat(off.isClosed()).isTrue();
    assertThat(off.status(now, Instant.EPOCH, 0)).isEmpty();
    off.forceOpen(now);
    assertThat(off.isClosed()).isFalse();
    assertThat(off.status(now, Instant.EPOCH, 0)).isPresent();
    off.close(now);
    assertThat(off.isClosed()).isTrue();
  }

  /** Against a model that knows nothing of eras: it remembers for each attempt what it is. */
  @Test
  void shouldDoWhatAModelOfItDoesInAnyOrder() {
    Seeds.each(300, random -> new BreakerModel(random).run(400));
  }
}
