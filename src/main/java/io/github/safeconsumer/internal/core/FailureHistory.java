package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the record at the head of a lane has been through, over all owners. Only a head can have
 * failed, so a lane needs one at most.
 *
 * <p>Concurrency: changed only by whoever has the lane. What the next commit says of it is copied,
 * under the partition's lock, when the lane is parked ({@link #book}).
 */
public final class FailureHistory {
  int charged;
  int uncharged;
  long lastUnchargedBegunNanos;

  /** Where the uncharged ones belong to, and the era of its breaker; null while there is none. */
  private @Nullable Scope heldIn;

  /** Of the charged ones those that may turn out to be an outage; null for none. */
  private @Nullable Charge charge;

  private @Nullable Scope chargedIn;
  private long chargedBegunNanos;

  /** How many probes of it failed, for whatever reason. */
  int failedProbes;

  /** Until when the last failure asked to be left alone; null for never. */
  @Nullable Long askedUntilNanos;

  /** When it first waited for an open breaker; null while it never did. */
  private @Nullable Long heldSinceNanos;

  /** The retries since then that took place, or were counted as prevented. */
  private int heldRetries;

  long outageNanos;
  long elapsedNanos;
  long firstFailureMillis = -1;
  long lastFailureMillis = -1;
  @Nullable Throwable lastFailure;

  /** No further attempt where it is not RETRYING: a dead letter is owed. */
  private RetryEntry.Fate fate = RetryEntry.Fate.RETRYING;

  /** Whether it comes from an earlier owner, and this one has not waited before its attempt. */
  private boolean waitsAgain;

  private int bookedCharged;
  private long bookedElapsedNanos;
  private long bookedFirstSeconds = -1;
  private RetryEntry.Fate bookedFate = RetryEntry.Fate.RETRYING;
  private int recordedCharged;

  /** Nothing yet. */
  public FailureHistory() {}

  /** Goes on where the previous owner was. */
  static FailureHistory inherited(RetryEntry entry) {
    FailureHistory history = new FailureHistory();
    history.charged = entry.attempts();
    history.elapsedNanos = TimeUnit.MILLISECONDS.toNanos(entry.elapsedMillis());
    history.firstFailureMillis =
        entry.firstFailureSeconds() < 0
            ? -1
            : TimeUnit.SECONDS.toMillis(entry.firstFailureSeconds());
    history.lastFailureMillis = history.firstFailureMillis;
    history.fate = entry.fate();
    history.waitsAgain = entry.attempts() > 0;
    history.book();
    history.recordedCharged = entry.attempts();
    return history;
  }

  /** Attempts that count against the bound. */
  public int charged() {
    return charged;
  }

  /** All failed attempts, those an outage failed included. */
  public int failures() {
    return charged + uncharged;
  }

  /** -1 where it is not known: an earlier owner knew, and its note did not say. */
  public long firstFailureMillis() {
    return firstFailureMillis;
  }

  public long lastFailureMillis() {
    return lastFailureMillis;
  }

  /** One more failure that is not charged, or not yet. */
  void hold(Scope scope, long begunNanos) {
    if (uncharged > 0 && heldIn != scope) {
      forgetOutage();
    }
    if (uncharged++ == 0) {
      scope.evidence().watch();
    }
    heldIn = scope;
    lastUnchargedBegunNanos = begunNanos;
  }

  /** Its uncharged failures are forgotten. */
  void forgetOutage() {
    Scope scope = heldIn;
    if (uncharged > 0 && scope != null) {
      uncharged = 0;
      heldIn = null;
      scope.evidence().unwatch();
    }
  }

  /**
   * What became of the earlier failures: what was charged is not where it opened the breaker; the
   * last one is charged after all where the downstream answered another record since.
   */
  void settle() {
    Charge last = charge;
    if (last != null && last.isRefunded()) {
      refund(last);
    }
    Scope scope = heldIn;
    if (uncharged == 0 || scope == null) {
      return;
    }
    if (scope.evidence().answeredSince(lastUnchargedBegunNanos)) {
      charged++;
      forgetOutage();
    }
  }

  /** A charged failure that may turn out to be an outage. */
  void chargedWith(Charge with, @Nullable Lane lane, Scope scope, long begunNanos) {
    charge = with;
    chargedIn = scope;
    chargedBegunNanos = begunNanos;
    with.add(lane);
  }

  /** Takes what was charged with it back. False when that was done before. */
  boolean refund(Charge refunded) {
    if (charge != refunded) {
      return false;
    }
    charge = null;
    charged = Math.max(0, charged - refunded.failures());
    recordedCharged = Math.min(recordedCharged, charged);
    Scope scope = chargedIn;
    if (scope != null) {
      hold(scope, chargedBegunNanos);
    }
    return true;
  }

  /** Whether it may be tried before its back-off is over. */
  boolean mayProbe(long nowNanos) {
    Long until = askedUntilNanos;
    return until == null || nowNanos - until >= 0;
  }

  /** It waits for an open breaker. */
  void waitsForBreaker(long nowNanos) {
    if (heldSinceNanos == null) {
      heldSinceNanos = nowNanos;
    }
  }

  /** For how long it had waited for open breakers then, -1 where it never had. */
  long heldNanos(long nowNanos) {
    Long since = heldSinceNanos;
    return since == null ? -1 : nowNanos - since;
  }

  /** So many retries would have been made until now: how many of these were not, and not told. */
  int prevented(int retries) {
    heldRetries++; // this one
    int prevented = Math.max(0, retries - heldRetries);
    heldRetries += prevented;
    return prevented;
  }

  /** Remembers the failure, for the dead letter. */
  public void failedWith(Throwable failure) {
    lastFailure = failure;
  }

  public @Nullable Throwable lastFailure() {
    return lastFailure;
  }

  /** No further attempt: a dead letter is owed for this reason. */
  public void owesDeadLetter(RetryEntry.Fate reason) {
    fate = reason;
  }

  /** RETRYING, or why a dead letter is owed. */
  public RetryEntry.Fate fate() {
    return fate;
  }

  /**
   * Whether the back-off of an earlier owner has to be waited for (again): nobody knows how much of
   * it is over, since no two clocks are compared. True once.
   */
  public boolean takeWait() {
    boolean wait = waitsAgain;
    waitsAgain = false;
    return wait;
  }

  /** From here on the next commit says this. Under the partition's lock. */
  void book() {
    bookedCharged = charged;
    bookedElapsedNanos = elapsedNanos;
    bookedFate = fate;
    bookedFirstSeconds =
        firstFailureMillis < 0 ? -1 : TimeUnit.MILLISECONDS.toSeconds(firstFailureMillis);
  }

  int bookedCharged() {
    return bookedCharged;
  }

  /** What the commit says of it; null while nothing was charged. */
  @Nullable RetryEntry entry(long offset) {
    if (bookedCharged == 0 && bookedFate == RetryEntry.Fate.RETRYING) {
      return null;
    }
    return new RetryEntry(
        offset,
        bookedCharged,
        TimeUnit.NANOSECONDS.toMillis(bookedElapsedNanos),
        bookedFirstSeconds,
        bookedFate);
  }

  /** A commit that says so was confirmed. */
  void recorded(int attempts) {
    recordedCharged = attempts;
  }

  /** Whether all that was charged is in a confirmed commit: only then the next attempt starts. */
  boolean isRecorded() {
    return recordedCharged >= bookedCharged;
  }
}
