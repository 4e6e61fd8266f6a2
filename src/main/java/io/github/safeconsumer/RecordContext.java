package io.github.safeconsumer;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What a handler may ask about the attempt it is in. Safe to use from any thread. */
public interface RecordContext {
  /**
   * Number of this attempt, from 1. Attempts that an outage failed without charge are not counted.
   */
  int attempt();

  /**
   * True when a {@link FailureAction#RETRY} failure of this attempt would exhaust the attempts of
   * the {@link RetryPolicy}.
   */
  boolean lastAttempt();

  /** When this record first failed, by the wall clock; empty at the first attempt. */
  Optional<Instant> firstFailureAt();

  /**
   * True once the result of this attempt will be ignored: the partition is owned by another member
   * now, or the consumer stopped waiting while it closes. A long handler should look at it from
   * time to time and stop.
   */
  boolean cancelled();

  /**
   * The group's generation (member epoch under {@code group.protocol=consumer}) under which this
   * record was taken over: a fencing token for the handler's own conditional writes. It never
   * falls.
   */
  int generation();

  /** The consumer group. */
  String groupId();

  /**
   * When this attempt has to end, by the wall clock: it is interrupted then, and abandoned if it
   * does not end. {@link Instant#MAX} where there is no time-out.
   */
  Instant deadline();

  /**
   * Asks for more time: from now on this attempt has at least so long. Without effect where the
   * deadline is later than that, or has passed.
   *
   * @param time over 0, at most 24 h
   */
  void extendDeadline(Duration time);

  /**
   * Calls a downstream through the circuit breaker of its name. While that is open, the attempt
   * ends here with an exception that the handler has to let through: the record waits in its lane,
   * uncharged, until a probe succeeded. What the call throws feeds that breaker instead of the
   * consumer's. Where it returns a {@link java.util.concurrent.CompletionStage}, that stage's end
   * counts.
   *
   * <p>A handler that swallows the exception and returns has handled its record. What it throws
   * instead is a failure like any other, unless that exception is its cause.
   *
   * @param downstream its name, in status, events and logs: 1 to 100 characters; use few of them
   * @return what the call returned
   * @throws Exception what the call threw
   */
  <T> T call(String downstream, Callable<T> call) throws Exception;

  /**
   * Adds to what this attempt costs (see {@link SpendingPolicy}).
   *
   * @param units 0 or more
   */
  void addCost(double units);
}
