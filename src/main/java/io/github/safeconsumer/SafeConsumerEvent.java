package io.github.safeconsumer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Something that happened, for a {@link SafeConsumerListener}. No event holds a key, a value or an
 * exception message: those can hold data of the record. New kinds may be added: treat unknown ones
 * as information.
 */
public interface SafeConsumerEvent {
  /** When, by the wall clock. */
  Instant at();

  /** The consumer moved to another state. */
  record StateChanged(Instant at, State from, State to, String reason)
      implements SafeConsumerEvent {}

  /** Partitions were taken over. */
  record PartitionsAssigned(Instant at, Set<TopicPartition> partitions)
      implements SafeConsumerEvent {}

  /**
   * Partitions were handed over.
   *
   * @param unfinished attempts that did not end within the drain time-out: their records run again
   *     on the next owner
   */
  record PartitionsRevoked(Instant at, Set<TopicPartition> partitions, int unfinished)
      implements SafeConsumerEvent {}

  /**
   * Partitions were lost without a chance to commit: what was done since the last commit is handled
   * again by the next owner.
   */
  record PartitionsLost(Instant at, Set<TopicPartition> partitions, String reason)
      implements SafeConsumerEvent {}

  /** No committed offset was found; reading starts where the reset policy says. */
  record OffsetReset(Instant at, TopicPartition partition, String policy, long position)
      implements SafeConsumerEvent {}

  /**
   * The log is not the one the position was made for (topic recreated, truncated): reading starts
   * again at another place.
   */
  record PositionReset(Instant at, TopicPartition partition, long from, long to, String reason)
      implements SafeConsumerEvent {}

  /**
   * Retention removed records before they were read: offsets {@code from} (inclusive) to {@code to}
   * (exclusive) are gone.
   */
  record RecordsLost(Instant at, TopicPartition partition, long from, long to)
      implements SafeConsumerEvent {
    /** How many offsets are gone; the count of records is at most this. */
    public long count() {
      return to - from;
    }
  }

  /**
   * What stood beside a committed offset could not be used: somebody else wrote it, it was copied
   * from another offset, topic or cluster, or a newer version of this library wrote it. Records
   * that were done out of order may be repeated, and counts of attempts start again; nothing is
   * lost.
   *
   * @param reason what is wrong with it, in a word
   * @param detail the same with numbers; never shows what was found
   */
  record MetadataIgnored(Instant at, TopicPartition partition, String reason, String detail)
      implements SafeConsumerEvent {}

  /**
   * A batch handler threw: nothing of the batch is done, and its records come again one by one. No
   * record is charged with it.
   *
   * @param offset of its first record
   * @param records how many it has
   */
  record BatchFailed(
      Instant at, TopicPartition partition, long offset, int records, String exceptionClass)
      implements SafeConsumerEvent {}

  /**
   * An attempt failed and the record will be tried again.
   *
   * @param attempt number of the failed attempt
   * @param charged false for an outage: the attempt does not count against the bound
   */
  record RetryScheduled(
      Instant at,
      TopicPartition partition,
      long offset,
      int attempt,
      FailureAction action,
      boolean charged,
      String exceptionClass,
      Duration delay)
      implements SafeConsumerEvent {}

  /** The dead-letter topic acknowledged the record. */
  record DeadLettered(
      Instant at,
      TopicPartition partition,
      long offset,
      DeadLetter.Reason reason,
      int attempts,
      String exceptionClass,
      String topic)
      implements SafeConsumerEvent {}

  /** A policy said to drop the record. */
  record Skipped(Instant at, TopicPartition partition, long offset, String exceptionClass)
      implements SafeConsumerEvent {}

  /** A record holds its lane and nothing will move it without an operator. */
  record Blocked(Instant at, TopicPartition partition, long offset, String reason, String remedy)
      implements SafeConsumerEvent {}

  /** The dead-letter topic could not be written; the send is tried again after the delay. */
  record DeadLetterSendFailed(
      Instant at,
      TopicPartition partition,
      long offset,
      String topic,
      String exceptionClass,
      Duration delay)
      implements SafeConsumerEvent {}

  /**
   * So many dead letters in a row without a success that the consumer paused itself, until
   * resume().
   */
  record Flood(Instant at, int deadLetters) implements SafeConsumerEvent {}

  /** An attempt runs for unusually long; the stack says where it stands. */
  record SlowHandler(
      Instant at,
      TopicPartition partition,
      long offset,
      Duration running,
      List<StackTraceElement> stack)
      implements SafeConsumerEvent {}

  /**
   * An attempt ran past its deadline and was interrupted.
   *
   * @param abandoned false when it has just been interrupted; true when it did not end for that,
   *     and nobody waits for it any more
   * @param stack where it stands; empty for an asynchronous one
   */
  record HandlerTimedOut(
      Instant at,
      TopicPartition partition,
      long offset,
      Duration running,
      boolean abandoned,
      List<StackTraceElement> stack)
      implements SafeConsumerEvent {}

  /**
   * A circuit breaker moved.
   *
   * @param scope the downstream's name; empty for the breaker of the consumer
   * @param reason in the library's own words
   * @param openFor until the next probe, zero where it is closed
   */
  record BreakerChanged(
      Instant at,
      String scope,
      BreakerStatus.State from,
      BreakerStatus.State to,
      String reason,
      Duration openFor)
      implements SafeConsumerEvent {}

  /**
   * So much was spent within an hour that the consumer paused itself.
   *
   * @param spent within the last hour
   * @param pausedFor until it goes on by itself
   */
  record SpendingLimitReached(Instant at, double spent, double limit, Duration pausedFor)
      implements SafeConsumerEvent {}

  /**
   * An operator resolved a blocked record; see {@code SafeConsumer.resolve}.
   *
   * @param blockedBy why it was blocked
   */
  record Resolved(
      Instant at, TopicPartition partition, long offset, FailureAction action, String blockedBy)
      implements SafeConsumerEvent {}

  /**
   * The last owner of a partition died without handing it over. One of the records that may have
   * run then may be to blame: they are watched from here on.
   *
   * @param times how many owners died of this, one after the other
   * @param from lowest suspect
   * @param suspects how many offsets are under suspicion
   * @param alone whether they are run one by one now
   */
  record UncleanEnd(
      Instant at, TopicPartition partition, int times, long from, long suspects, boolean alone)
      implements SafeConsumerEvent {}

  /**
   * A record is taken for the one that kills the process: it becomes a dead letter without another
   * attempt.
   *
   * @param deaths of owners of its partition, in a row
   */
  record Convicted(Instant at, TopicPartition partition, long offset, int deaths)
      implements SafeConsumerEvent {}

  /**
   * What is recommended for the poll interval changed by much: the handler got slower or faster, or
   * partitions came or went. This consumer needs nothing of it, since it admits only what fits; a
   * plain loop with the same settings would.
   *
   * @param maxPollRecords {@code max.poll.records} as it is in force
   * @param recommendedMaxPollRecords how many records fit into one poll at the latency now observed
   * @param recommendedInterval the {@code max.poll.interval.ms} that {@code maxPollRecords} need
   * @param sum the reckoning, as a person would write it
   */
  record BudgetChanged(
      Instant at,
      int maxPollRecords,
      int recommendedMaxPollRecords,
      Duration recommendedInterval,
      String sum)
      implements SafeConsumerEvent {}

  /** A commit failed; it stays pending and is tried again. */
  record CommitFailed(Instant at, Set<TopicPartition> partitions, String exceptionClass)
      implements SafeConsumerEvent {}

  /**
   * The process stood still for so long that its membership cannot be trusted: everything started
   * before is fenced.
   */
  record Fenced(Instant at, Duration stall, String reason) implements SafeConsumerEvent {}

  /** The Kafka client failed and is replaced after the delay. */
  record Restarting(Instant at, String exceptionClass, Duration delay)
      implements SafeConsumerEvent {}

  /**
   * Something that {@link AlertPolicy} watches has lasted for too long: an incident begins. Told
   * once.
   */
  record AlertRaised(Instant at, Alert alert) implements SafeConsumerEvent {}

  /**
   * An incident is over: it was not seen for half a minute. Told once, where its begin was.
   *
   * @param alert as it was told
   * @param lasted from when it was first seen to when it was last
   */
  record AlertEnded(Instant at, Alert alert, Duration lasted) implements SafeConsumerEvent {}

  /**
   * A method of the user's (onAssigned, classify, a deserializer's close, a listener, ...) threw;
   * consumption goes on.
   */
  record CallbackFailed(Instant at, String callback, String exceptionClass)
      implements SafeConsumerEvent {}
}
