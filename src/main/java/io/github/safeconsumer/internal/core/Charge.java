package io.github.safeconsumer.internal.core;

import org.jspecify.annotations.Nullable;

/**
 * What one record was charged with in a row of failures that may turn out to be an outage: then all
 * of it is refunded. Made by the {@link Breaker}, which alone refunds; counted by whoever has the
 * record's lane.
 */
public final class Charge {
  private volatile boolean refunded;
  private int failures;
  private volatile @Nullable Lane lane;

  /** The row ended with an opening: it was an outage. */
  void refund() {
    refunded = true;
  }

  boolean isRefunded() {
    return refunded;
  }

  /** One more failure was charged to the record at the head of this lane. */
  void add(@Nullable Lane of) {
    failures++;
    lane = of;
  }

  int failures() {
    return failures;
  }

  /** Where the record waits; null before it was charged. */
  public @Nullable Lane lane() {
    return lane;
  }
}
