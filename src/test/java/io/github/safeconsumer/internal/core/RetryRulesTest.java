package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryRulesTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final Scope scope = Breakers.off().consumer();
  private final OutageEvidence evidence = scope.evidence();
  private final FailureHistory history = new FailureHistory();
  private RetryPolicy policy =
      RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofSeconds(8))
          .jitter(0)
          .maxAttempts(4);

  @Test
  void shouldDoubleTheDelayUpToTheCapAndEndAtTheBoundOfAttempts() {
    policy = policy.maxAttempts(7);
    List<Long> seconds = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      seconds.add(retry(fail(FailureAction.RETRY)).delayNanos() / SECOND);
    }
    assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 8L, 8L);
    assertThat(fail(FailureAction.RETRY)).isEqualTo(new Decision.Bury(DeadLetter.Reason.EXHAUSTED));
    assertThat(history.charged()).isEqualTo(7);
  }

  @Test
  void shouldMakeAsManyAttemptsAsAllowedWhateverThePolicy() {
    Seeds.each(
        100,
        random -> {
          RetryPolicy any =
              RetryPolicy.exponential(
                      Duration.ofNanos(1 + random.nextInt(1_000)), Duration.ofDays(30))
                  .maxAttempts(1 + random.nextInt(60))
                  .maxElapsed(RetryPolicy.LONGEST)
                  .jitter(random.nextDouble());
          RetryRules rules = new RetryRules(any, CircuitBreakerPolicy.off());
          FailureHistory one = new FailureHistory();
          int attempts = 0;
          long waited = 0;
          Decision decision;
          do {
            attempts++;
            decision =
                rules.failed(
                    one,
                    null,
                    FailureAction.RETRY,
                    DeadLetter.Reason.NON_RETRYABLE,
                    null,
                    0,
                    0,
                    0,
                    random.nextDouble(),
                    Standing.own(scope));
            if (decision instanceof Decision.Retry retry) {
              assertThat(retry.charged()).isTrue();
              assertThat(retry.delayNanos()).isPositive();
              waited += retry.delayNanos();
            }
          } while (decision instanceof Decision.Retry);
          assertThat(attempts).isLessThanOrEqualTo(any.maxAttempts());
          assertThat(waited).isLessThanOrEqualTo(any.maxElapsed().toNanos());
          if (waited < TimeUnit.DAYS.toNanos(7)) {
            assertThat(attempts)
                .as("no bound but the attempts was near")
                .isEqualTo(any.maxAttempts());
          }
        });
  }

  @Test
  void shouldEndAtTheBoundOfElapsedTimeAttemptsIncluded() {
    policy = policy.maxAttempts(100).maxElapsed(Duration.ofSeconds(10));
    assertThat(fail(FailureAction.RETRY, 0, 5 * SECOND))
        .as("the first attempt is before the first failure")
        .isInstanceOf(Decision.Retry.class);
    assertThat(history.elapsedNanos).isEqualTo(SECOND);
    assertThat(fail(FailureAction.RETRY, 0, 3 * SECOND))
        .as("1 + 3 + 2 s")
        .isInstanceOf(Decision.Retry.class);
    assertThat(history.elapsedNanos).isEqualTo(6 * SECOND);
    assertThat(fail(FailureAction.RETRY, 0, SECOND))
        .as("7 + 4 s is over")
        .isEqualTo(new Decision.Bury(DeadLetter.Reason.EXHAUSTED));
  }

  @Test
  void shouldSpreadTheDelayByTheJitterAndNoFurther() {
    RetryPolicy jittered = policy.jitter(0.2);
    assertThat(RetryRules.delayNanos(jittered, 1, 0)).isEqualTo((long) (0.8 * SECOND));
    assertThat(RetryRules.delayNanos(jittered, 1, 0.5)).isEqualTo(SECOND);
    assertThat(RetryRules.delayNanos(jittered, 1, Math.nextDown(1.0)))
        .isLessThanOrEqualTo((long) (1.2 * SECOND));
    assertThat(RetryRules.delayNanos(policy.jitter(1), 1, 0)).as("never none").isEqualTo(1);
  }

  @Test
  void shouldNotOverflowWithTheLongestDelays() {
    RetryPolicy longest =
        RetryPolicy.fixed(RetryPolicy.LONGEST).jitter(1).maxElapsed(RetryPolicy.LONGEST);
    for (int failures = 1; failures < 10_000; failures *= 3) {
      assertThat(RetryRules.delayNanos(longest, failures, 0.999))
          .isBetween(1L, 2 * RetryPolicy.LONGEST.toNanos());
    }
    assertThat(RetryRules.delayNanos(policy, Integer.MAX_VALUE, 0.5)).isEqualTo(8 * SECOND);
  }

  @Test
  void shouldWaitAsLongAsTheFailureAsksWithinTheTimeThatIsLeft() {
    policy = policy.maxElapsed(Duration.ofSeconds(20));
    assertThat(retry(fail(FailureAction.RETRY, Duration.ofSeconds(5))).delayNanos())
        .isEqualTo(5 * SECOND);
    assertThat(retry(fail(FailureAction.RETRY, Duration.ofSeconds(-5))).delayNanos())
        .isEqualTo(2 * SECOND);
    assertThat(retry(fail(FailureAction.RETRY, Duration.ofDays(100_000_000))).delayNanos())
        .as("13 s are left")
        .isEqualTo(13 * SECOND);
    assertThat(fail(FailureAction.RETRY)).isInstanceOf(Decision.Bury.class);
  }

  @Test
  void shouldNeverWaitForLessThanThePolicySays() {
    assertThat(retry(fail(FailureAction.RETRY, Duration.ZERO)).delayNanos()).isEqualTo(SECOND);
  }

  @Test
  void shouldDoWhatTheOtherActionsSay() {
    assertThat(fail(FailureAction.SKIP)).isInstanceOf(Decision.Skip.class);
    assertThat(fail(FailureAction.STOP)).isInstanceOf(Decision.Stop.class);
    assertThat(history.charged()).isZero();
    assertThat(fail(FailureAction.DEAD_LETTER))
        .isEqualTo(new Decision.Bury(DeadLetter.Reason.NON_RETRYABLE));
    assertThat(history.charged()).isEqualTo(1);
  }

  @Test
  void shouldNotChargeAnOutage() {
    for (int i = 0; i < 50; i++) {
      assertThat(retry(fail(FailureAction.OUTAGE)).charged()).isFalse();
    }
    assertThat(history.charged()).isZero();
    assertThat(history.failures()).isEqualTo(50);
  }

  @Test
  void shouldChargeAFailureOfARecordWhoseDownstreamAnsweredAnother() {
    for (int failed = 1; failed <= 4; failed++) {
      assertThat(fail(FailureAction.OUTAGE, failed * 100L, failed * 100L + 10))
          .isInstanceOf(Decision.Retry.class);
      assertThat(history.charged()).as("those before the last").isEqualTo(failed - 1);
      evidence.succeeded(failed * 100 + 50);
    }
    assertThat(fail(FailureAction.OUTAGE, 500, 510))
        .isEqualTo(new Decision.Bury(DeadLetter.Reason.EXHAUSTED));
  }

  @Test
  void shouldGiveARecordOfASingleAttemptItsChanceWhenAnOutageIsOver() {
    policy = RetryPolicy.none();
    fail(FailureAction.OUTAGE, 100, 110);
    evidence.succeeded(200); // the downstream is back
    assertThat(fail(FailureAction.OUTAGE, 300, 310))
        .as("it had its chance")
        .isEqualTo(new Decision.Bury(DeadLetter.Reason.EXHAUSTED));
  }

  @Test
  void shouldNotDeadLetterARecordForAnOutageThatIsOver() {
    for (int i = 0; i < 20; i++) {
      fail(FailureAction.OUTAGE, i * 100L, i * 100L + 10);
    }
    evidence.succeeded(5_000); // the downstream is back: another lane was the first to see it

    assertThat(history.charged()).as("before it ran again").isZero();
    assertThat(retry(fail(FailureAction.OUTAGE, 6_000, 6_010)).charged()).isFalse();
    assertThat(history.charged()).as("only its last failure may have been its own").isEqualTo(1);
  }

  @Test
  void shouldIgnoreASuccessThatBeganBeforeTheFailedAttempt() {
    fail(FailureAction.OUTAGE, 100, 110);
    evidence.succeeded(99);
    fail(FailureAction.OUTAGE, 200, 210);
    assertThat(history.charged()).isZero();
  }

  @Test
  void shouldChargeNoRecordOfALongOutageWhileAnotherWaitsForIt() {
    evidence.watch();
    while (history.outageNanos < 10 * HOUR) {
      assertThat(retry(fail(FailureAction.OUTAGE)).charged()).isFalse();
    }
    evidence.unwatch();
    assertThat(retry(fail(FailureAction.OUTAGE)).charged()).as("alone").isTrue();
  }

  @Test
  void shouldChargeARecordThatAloneWaitedForAnHour() {
    int attempts = 0;
    Decision decision;
    do {
      decision = fail(FailureAction.OUTAGE);
      attempts++;
      assertThat(attempts).as("it ends").isLessThan(1_000);
    } while (decision instanceof Decision.Retry);
    assertThat(decision).isEqualTo(new Decision.Bury(DeadLetter.Reason.EXHAUSTED));
    assertThat(history.outageNanos).isGreaterThanOrEqualTo(HOUR);
    assertThat(evidenceIsIdle()).as("its case ended").isTrue();
  }

  @Test
  void shouldEndTheWatchOnceHoweverOftenTheCaseEnds() {
    OutageEvidence other = evidence;
    other.watch(); // of another record
    fail(FailureAction.OUTAGE, 0, 1);
    rules().ended(history);
    rules().ended(history);
    other.succeeded(7);
    assertThat(other.answeredSince(6)).as("the other record is still watched").isTrue();
  }

  @Test
  void shouldShowTheScheduleThatTheRulesFollow() {
    policy = policy.maxAttempts(6).maxElapsed(Duration.ofSeconds(16));
    List<Duration> shown = RetryRules.schedule(policy);
    List<Duration> real = new ArrayList<>();
    for (Decision d = fail(FailureAction.RETRY);
        d instanceof Decision.Retry r;
        d = fail(FailureAction.RETRY)) {
      real.add(Duration.ofNanos(r.delayNanos()));
    }
    assertThat(shown).isEqualTo(real);
    assertThat(RetryRules.schedule(RetryPolicy.none())).isEmpty();
    assertThat(RetryRules.schedule(RetryPolicy.fixed(Duration.ofNanos(1)).maxAttempts(1_000_000)))
        .hasSize(64);
    assertThat(
            RetryRules.schedule(RetryPolicy.defaults()).stream()
                .mapToLong(Duration::toSeconds)
                .sum())
        .as("what the docs say")
        .isEqualTo(127);
  }

  private boolean evidenceIsIdle() {
    evidence.succeeded(Long.MAX_VALUE / 2);
    return !evidence.answeredSince(Long.MAX_VALUE / 2 - 1);
  }

  private RetryRules rules() {
    return new RetryRules(policy, CircuitBreakerPolicy.off());
  }

  private static Decision.Retry retry(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Retry.class);
    return (Decision.Retry) decision;
  }

  private Decision fail(FailureAction action) {
    return fail(action, null);
  }

  private Decision fail(FailureAction action, Duration retryAfter) {
    return rules()
        .failed(
            history,
            null,
            action,
            DeadLetter.Reason.NON_RETRYABLE,
            retryAfter,
            0,
            0,
            1,
            0.5,
            Standing.own(scope));
  }

  private Decision fail(FailureAction action, long begun, long now) {
    return rules()
        .failed(
            history,
            null,
            action,
            DeadLetter.Reason.NON_RETRYABLE,
            null,
            begun,
            now,
            1,
            0.5,
            Standing.own(scope));
  }
}
