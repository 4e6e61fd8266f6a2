package io.github.safeconsumer.internal.core;

import org.jspecify.annotations.Nullable;

/**
 * What the record at the head of a lane has been through in this ownership. Only a head can have
 * failed, so a lane needs one at most. Guarded by the partition.
 */
public final class FailureHistory {
  int charged;
  int uncharged;
  long lastUnchargedBegunNanos;
  long outageNanos;
  long elapsedNanos;
  long firstFailureMillis = -1;
  long lastFailureMillis = -1;
  @Nullable Throwable lastFailure;

  /** Attempts that count against the bound. */
  public int charged() {
    return charged;
  }

  /** All failed attempts, those an outage failed included. */
  public int failures() {
    return charged + uncharged;
  }

  public long firstFailureMillis() {
    return firstFailureMillis;
  }

  public long lastFailureMillis() {
    return lastFailureMillis;
  }

  /** Remembers the failure, for the dead letter. */
  public void failedWith(Throwable failure) {
    lastFailure = failure;
  }

  public @Nullable Throwable lastFailure() {
    return lastFailure;
  }
}
