package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounded retry. Pure: time and randomness are arguments.
 *
 * <p>An OUTAGE failure is not charged, until another record begun later succeeds ({@link
 * OutageEvidence}): then the last failure is charged. Those before it are not, since the success
 * says nothing of the time in which the downstream may have been away: with them, the first record
 * that succeeds after an outage would send the heads of all other lanes to the dead letters. It is
 * charged when the record fails again and not before, so that no record ends for an outage that is
 * over without having had its chance: one attempt more than the bound is the price. A record that
 * has waited for an hour, while no other waits for an outage, is charged from then on like any
 * other: nothing speaks for an outage but itself.
 */
public final class RetryRules {
  /** How long outages alone may hold a record before they are charged. */
  static final long LONGEST_OUTAGE_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final int SCHEDULE_SHOWN = 64;

  private final RetryPolicy policy;
  private final OutageEvidence evidence;

  public RetryRules(RetryPolicy policy, OutageEvidence evidence) {
    this.policy = policy;
    this.evidence = evidence;
  }

  /**
   * Books a failure and decides.
   *
   * @param history of the record, changed here
   * @param action what the failure means
   * @param hopeless the reason a DEAD_LETTER action gives
   * @param retryAfter the delay the failure carries, or null
   * @param random from 0 (inclusive) to 1, for the jitter
   */
  public Decision failed(
      FailureHistory history,
      FailureAction action,
      DeadLetter.Reason hopeless,
      @Nullable Duration retryAfter,
      long begunNanos,
      long nowNanos,
      long nowMillis,
      double random) {
    if (history.firstFailureMillis < 0) {
      history.firstFailureMillis = nowMillis;
    } else if (action != FailureAction.OUTAGE) {
      history.elapsedNanos += Math.max(0, nowNanos - begunNanos);
    }
    history.lastFailureMillis = nowMillis;
    settle(history);
    return switch (action) {
      case SKIP -> new Decision.Skip();
      case STOP -> new Decision.Stop();
      case DEAD_LETTER -> {
        history.charged++;
        yield new Decision.Bury(hopeless);
      }
      case RETRY -> {
        history.charged++;
        yield again(history, retryAfter, random, true);
      }
      case OUTAGE -> {
        if (history.outageNanos >= LONGEST_OUTAGE_NANOS && isAlone(history)) {
          history.charged++;
          yield again(history, retryAfter, random, true);
        }
        hold(history, begunNanos);
        yield again(history, retryAfter, random, false);
      }
    };
  }

  /** The record's case ended, whatever the end. */
  public void ended(FailureHistory history) {
    drop(history);
  }

  private Decision again(
      FailureHistory history, @Nullable Duration retryAfter, double random, boolean charged) {
    if (history.charged >= policy.maxAttempts()) {
      return exhausted(history);
    }
    long left = policy.maxElapsed().toNanos() - history.elapsedNanos;
    long delay = delayNanos(policy, history.failures(), random);
    if (charged && delay > left) {
      return exhausted(history);
    }
    if (retryAfter != null && !retryAfter.isNegative()) {
      long asked =
          retryAfter.compareTo(RetryPolicy.LONGEST) > 0
              ? RetryPolicy.LONGEST.toNanos()
              : retryAfter.toNanos();
      delay = Math.max(delay, Math.min(asked, charged ? left : LONGEST_OUTAGE_NANOS));
    }
    if (charged) {
      history.elapsedNanos += delay;
    } else {
      history.outageNanos += delay;
    }
    return new Decision.Retry(delay, charged);
  }

  /** No other record waits for an outage to end: nothing speaks for an outage but this record. */
  private boolean isAlone(FailureHistory history) {
    return evidence.suspects() == (history.uncharged > 0 ? 1 : 0);
  }

  private Decision exhausted(FailureHistory history) {
    drop(history);
    return new Decision.Bury(DeadLetter.Reason.EXHAUSTED);
  }

  private void hold(FailureHistory history, long begunNanos) {
    if (history.uncharged++ == 0) {
      evidence.watch();
    }
    history.lastUnchargedBegunNanos = begunNanos;
  }

  private void settle(FailureHistory history) {
    if (history.uncharged > 0 && evidence.answeredSince(history.lastUnchargedBegunNanos)) {
      history.charged++;
      drop(history);
    }
  }

  private void drop(FailureHistory history) {
    if (history.uncharged > 0) {
      history.uncharged = 0;
      evidence.unwatch();
    }
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
