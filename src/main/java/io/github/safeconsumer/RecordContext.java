package io.github.safeconsumer;

import java.time.Instant;
import java.util.Optional;

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
}
