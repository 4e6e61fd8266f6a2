package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bounded retry. Pure: time and randomness are arguments. The breaker of the failure's scope was
 * told before, and what it made of the failure is the {@link Standing}.
 *
 * <p>What belongs to an outage is not charged: an OUTAGE failure, and of those that may be one the
 * failures that opened the breaker (refunded, if they were charged), those of probes, and those of
 * attempts that were under way when it opened. Until another record begun later succeeds ({@link
 * OutageEvidence}): then the last failure is charged. Those before it are not, since the success
 * says nothing of the time in which the downstream may have been away: with them, the first record
 * that succeeds after an outage would send the heads of all other lanes to the dead letters. It is
 * charged when the record fails again and not before, so that no record ends for an outage that is
 * over without having had its chance: one attempt more than the bound is the price.
 *
 * <p>A record that has been held for so long as the policy of the breaker says, while no other is
 * there to be tried, is charged from then on like any other: nothing speaks for an outage but
 * itself.
 */
public final class RetryRules {
  private static final int SCHEDULE_SHOWN = 64;
  private static final int MOST_RECKONED = 10_000;

  private final RetryPolicy policy;
  private final long longestHoldNanos;

  public RetryRules(RetryPolicy policy, CircuitBreakerPolicy breaker) {
    this.policy = policy;
    this.longestHoldNanos = breaker.longestHold().toNanos();
  }

  /**
   * Books a failure and decides.
   *
   * @param history of the record, changed here
   * @param lane whose head it is; null where nobody asks
   * @param action what the failure means
   * @param hopeless the reason a DEAD_LETTER action gives
   * @param retryAfter the delay the failure carries, or null
   * @param random from 0 (inclusive) to 1, for the jitter
   * @param standing what the breaker made of it
   */
  public Decision failed(
      FailureHistory history,
      @Nullable Lane lane,
      FailureAction action,
      DeadLetter.Reason hopeless,
      @Nullable Duration retryAfter,
      long begunNanos,
      long nowNanos,
      long nowMillis,
      double random,
      Standing standing) {
    Breaker.Verdict verdict = standing.verdict();
    boolean counts = verdict.effect() == Breaker.Effect.NONE;
    if (history.firstFailureMillis < 0) {
      history.firstFailureMillis = nowMillis;
    } else if (action != FailureAction.OUTAGE && counts) {
      history.elapsedNanos += Math.max(0, nowNanos - begunNanos);
    }
    history.lastFailureMillis = nowMillis;
    history.askedUntilNanos = null;
    history.settle();
    return switch (action) {
      case SKIP -> new Decision.Skip();
      case STOP -> new Decision.Stop();
      case DEAD_LETTER -> {
        history.charged++;
        yield new Decision.Bury(hopeless);
      }
      case RETRY -> {
        Charge charge = verdict.charge();
        if (!counts || (charge != null && charge.isRefunded())) {
          yield hold(history, standing, retryAfter, begunNanos, nowNanos, random);
        }
        history.charged++;
        if (charge != null) {
          history.chargedWith(charge, lane, standing.scope(), begunNanos);
        }
        yield again(history, retryAfter, nowNanos, random, true);
      }
      case OUTAGE -> {
        if (!counts) {
          yield hold(history, standing, retryAfter, begunNanos, nowNanos, random);
        }
        if (history.outageNanos >= longestHoldNanos && isAlone(history, standing.scope())) {
          history.charged++;
          yield again(history, retryAfter, nowNanos, random, true);
        }
        history.hold(standing.scope(), begunNanos);
        yield again(history, retryAfter, nowNanos, random, false);
      }
    };
  }

  /** The failure belongs to an outage that the breaker knows of. */
  private Decision hold(
      FailureHistory history,
      Standing standing,
      @Nullable Duration retryAfter,
      long begunNanos,
      long nowNanos,
      double random) {
    history.hold(standing.scope(), begunNanos);
    boolean overdue = standing.alone() && history.outageNanos >= longestHoldNanos;
    if (standing.verdict().heldNanos() > 0) {
      history.failedProbes++;
      history.outageNanos += standing.verdict().heldNanos();
    }
    history.charged += overdue ? 1 : 0;
    if (history.charged >= policy.maxAttempts()) {
      return exhausted(history);
    }
    long asked = asked(retryAfter, longestHoldNanos);
    if (asked > 0) {
      history.askedUntilNanos = nowNanos + asked;
    }
    if (standing.verdict().effect() == Breaker.Effect.OUTDATED) { // nothing is open to wait for
      return new Decision.Retry(
          Math.max(asked, delayNanos(policy, Math.max(1, history.failures()), random)), false);
    }
    history.waitsForBreaker(nowNanos);
    return new Decision.Hold(standing.scope(), asked, overdue);
  }

  /** The record's case ended, whatever the end. */
  public void ended(FailureHistory history) {
    history.forgetOutage();
  }

  private Decision again(
      FailureHistory history,
      @Nullable Duration retryAfter,
      long nowNanos,
      double random,
      boolean charged) {
    if (history.charged >= policy.maxAttempts()) {
      return exhausted(history);
    }
    long left = policy.maxElapsed().toNanos() - history.elapsedNanos;
    long delay = delayNanos(policy, history.failures(), random);
    if (charged && delay > left) {
      return exhausted(history);
    }
    long asked = asked(retryAfter, charged ? left : longestHoldNanos);
    if (asked > 0) {
      history.askedUntilNanos = nowNanos + asked;
    }
    delay = Math.max(delay, asked);
    if (charged) {
      history.elapsedNanos += delay;
    } else {
      history.outageNanos += delay;
    }
    return new Decision.Retry(delay, charged);
  }

  /** For how long the failure asks to be left alone; 0 where it does not. */
  private static long asked(@Nullable Duration retryAfter, long most) {
    if (retryAfter == null || retryAfter.isNegative()) {
      return 0;
    }
    long nanos =
        retryAfter.compareTo(RetryPolicy.LONGEST) > 0
            ? RetryPolicy.LONGEST.toNanos()
            : retryAfter.toNanos();
    return Math.min(nanos, most);
  }

  /** No other record waits for an outage to end: nothing speaks for an outage but this record. */
  private static boolean isAlone(FailureHistory history, Scope scope) {
    return scope.evidence().suspects() == (history.uncharged > 0 ? 1 : 0);
  }

  private static Decision exhausted(FailureHistory history) {
    history.forgetOutage();
    return new Decision.Bury(DeadLetter.Reason.EXHAUSTED);
  }

  /**
   * How many retries an open breaker has kept this record from, that were not told yet. Asked once
   * for each attempt that follows a failure, before it is booked.
   */
  public int prevented(FailureHistory history, long begunNanos) {
    long left = history.heldNanos(begunNanos);
    return left < 0 ? 0 : history.prevented(retriesWithin(history, left));
  }

  private int retriesWithin(FailureHistory history, long nanos) {
    int retries = 0;
    long left = nanos;
    for (int failures = Math.max(1, history.failures());
        failures < policy.maxAttempts() && retries < MOST_RECKONED;
        failures++) {
      left -= nominalNanos(policy, failures);
      if (left < 0) {
        break;
      }
      retries++;
    }
    return retries;
  }

  /** The back-off before the next attempt of this record, spread by the jitter. */
  public long delayNanos(FailureHistory history, double random) {
    return delayNanos(policy, history.failures(), random);
  }

  /** The delay after this many failures, spread by the jitter. */
  public static long delayNanos(RetryPolicy policy, int failures, double random) {
    double spread = 1 + policy.jitter() * (2 * random - 1);
    return Math.max(1, (long) (nominalNanos(policy, failures) * spread));
  }

  private static long nominalNanos(RetryPolicy policy, int failures) {
    long cap = policy.cap().toNanos();
    long delay = policy.first().toNanos();
    for (int i = 1; i < failures && delay < cap; i++) {
      delay = delay > cap / 2 ? cap : delay * 2;
    }
    return Math.min(delay, cap);
  }

  /**
   * The nominal delays between attempts, without jitter, cut where the elapsed bound ends them; at
   * most 64.
   */
  public static List<Duration> schedule(RetryPolicy policy) {
    List<Duration> delays = new ArrayList<>();
    long left = policy.maxElapsed().toNanos();
    for (int failures = 1;
        failures < policy.maxAttempts() && delays.size() < SCHEDULE_SHOWN;
        failures++) {
      long delay = nominalNanos(policy, failures);
      if (delay > left) {
        break;
      }
      left -= delay;
      delays.add(Duration.ofNanos(delay));
    }
    return List.copyOf(delays);
  }
}
