package io.github.safeconsumer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A consumer at one moment. Immutable. Counters count from start() on.
 *
 * @param at when, by the wall clock
 * @param name the consumer's name
 * @param groupId its group
 * @param state where it stands
 * @param failure why it FAILED, what it is restarting from, or what keeps its Kafka client from its
 *     brokers; class names and the library's own words only
 * @param generation the group's generation, -1 while it is no member
 * @param pauseReasons why the whole consumer is paused
 * @param partitions the partitions owned now, by topic and number
 * @param handled records done by a normal return
 * @param attemptsFailed failed attempts
 * @param deadLettered records acknowledged by a dead-letter topic
 * @param skipped records dropped by policy
 * @param commits commits confirmed by the broker
 * @param commitsFailed commits that failed (and stayed pending)
 * @param rebalances assignments received
 * @param restarts Kafka clients replaced
 * @param eventsDropped events not delivered because the listener was too slow
 * @param retrySchedule the nominal delays between attempts, without jitter
 * @param budget how much work fits into the poll interval, and how much there is
 * @param breakers the breaker of the consumer and those of the downstreams named so far; empty
 *     where they are off
 * @param spending what attempts cost
 * @param abandoned attempts that ran past their deadline, were given up, and have not ended
 * @param alerts incidents that were told and are not over
 */
public record Status(
    Instant at,
    String name,
    String groupId,
    State state,
    Optional<String> failure,
    int generation,
    Set<PauseReason> pauseReasons,
    List<PartitionStatus> partitions,
    long handled,
    long attemptsFailed,
    long deadLettered,
    long skipped,
    long commits,
    long commitsFailed,
    long rebalances,
    long restarts,
    long eventsDropped,
    List<Duration> retrySchedule,
    BudgetStatus budget,
    List<BreakerStatus> breakers,
    SpendingStatus spending,
    int abandoned,
    List<Alert> alerts) {
  public Status {
    alerts = List.copyOf(alerts);
    breakers = List.copyOf(breakers);
    pauseReasons = Set.copyOf(pauseReasons);
    partitions = List.copyOf(partitions);
    retrySchedule = List.copyOf(retrySchedule);
  }

  /**
   * This status as one JSON object. Times are ISO-8601, durations milliseconds, latencies
   * microseconds. Field names are API (docs/VERSIONING.md).
   */
  public String toJson() {
    return io.github.safeconsumer.internal.observe.StatusJson.of(this);
  }
}
