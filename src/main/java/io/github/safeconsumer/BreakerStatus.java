package io.github.safeconsumer;

import java.time.Instant;
import java.util.Optional;

/**
 * A circuit breaker at one moment.
 *
 * @param scope the downstream as the handler names it; empty for the breaker of the consumer
 * @param state whether attempts go through it
 * @param forced whether openBreaker() holds it open
 * @param failuresInARow that count towards opening it
 * @param openings since it last was closed for good; 0 while it is closed
 * @param openSince when it opened, by the wall clock
 * @param nextProbe when the next attempt is let through at the earliest, by the wall clock
 * @param parked records that wait for it (a named scope), not counting those behind them
 * @param probes attempts let through while it was open, since start()
 */
public record BreakerStatus(
    String scope,
    State state,
    boolean forced,
    int failuresInARow,
    int openings,
    Optional<Instant> openSince,
    Optional<Instant> nextProbe,
    int parked,
    long probes) {

  /** Whether attempts go through a breaker. */
  public enum State {
    /** All of them. */
    CLOSED,
    /** None. */
    OPEN,
    /** One: the probe that decides. */
    HALF_OPEN
  }
}
