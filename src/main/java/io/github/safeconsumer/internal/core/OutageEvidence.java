package io.github.safeconsumer.internal.core;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells an outage from a bad record: when an attempt on another record, begun after the failed one,
 * succeeds, the downstream was up. Thread-safe. Costs a success one volatile read while no record
 * is under suspicion.
 */
public final class OutageEvidence {
  private final AtomicInteger suspects = new AtomicInteger();
  private final AtomicLong latestSuccess = new AtomicLong(Long.MIN_VALUE);

  /** A record has an outage failure that is not charged yet. */
  public void watch() {
    suspects.incrementAndGet();
  }

  /** That record's case ended. */
  public void unwatch() {
    suspects.decrementAndGet();
  }

  /** How many records have an outage failure that is not charged. */
  public int suspects() {
    return suspects.get();
  }

  /** An attempt that began then succeeded. */
  public void succeeded(long begunNanos) {
    if (suspects.get() > 0) {
      latestSuccess.accumulateAndGet(begunNanos, OutageEvidence::later);
    }
  }

  /** Whether an attempt that began later than this succeeded. */
  public boolean answeredSince(long begunNanos) {
    long success = latestSuccess.get();
    return success != Long.MIN_VALUE && success - begunNanos > 0;
  }

  private static long later(long known, long success) {
    return known == Long.MIN_VALUE || success - known > 0 ? success : known;
  }
}
