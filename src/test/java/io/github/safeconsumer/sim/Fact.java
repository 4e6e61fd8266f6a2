package io.github.safeconsumer.sim;

import io.github.safeconsumer.Outcome;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * One thing that happened, as an outsider sees it: the ledger that the {@link Oracle} reads.
 * Consumers are named by their simulated process and number, clients by their number.
 */
sealed interface Fact {
  /** A fact about one consumer. */
  sealed interface OfConsumer extends Fact {
    String consumer();
  }

  /** How an attempt ended, as its handler knows it. */
  enum End {
    DONE,
    FAILED,
    /** Failed in a way that is not charged. */
    OUTAGE
  }

  // ---- user code

  record Built(String consumer, Traits traits) implements OfConsumer {}

  /** The handler was entered. */
  record Begun(String consumer, TopicPartition partition, long offset, int attempt)
      implements OfConsumer {}

  /** The handler was left. */
  record Ended(String consumer, TopicPartition partition, long offset, End end)
      implements OfConsumer {}

  /** The dead-letter topic holds the record. */
  record Buried(String consumer, TopicPartition partition, long offset) implements OfConsumer {}

  /** A command is being given. */
  record Commanded(String consumer, long id, Command command, Set<TopicPartition> partitions)
      implements OfConsumer {}

  /** The command threw: it must not be given now. */
  record Refused(String consumer, long id) implements OfConsumer {}

  /** The caller was told. */
  record Answered(String consumer, long id, Outcome.Result result, String reason)
      implements OfConsumer {}

  /** close(bound) was called; its report comes as {@link Reported}. */
  record CloseAsked(String consumer, long id, long boundNanos, boolean blocking)
      implements OfConsumer {}

  /**
   * What close() said.
   *
   * @param records attempts that it says still run
   * @param over whether it says that the consumer ended
   */
  record Reported(
      String consumer, long id, boolean clean, boolean over, boolean failed, Set<String> records)
      implements OfConsumer {}

  // ---- clients and the group

  record Creating(String consumer) implements OfConsumer {}

  record CreationFailed(String consumer) implements OfConsumer {}

  record Created(String consumer, int client) implements OfConsumer {}

  record Closed(String consumer, int client) implements OfConsumer {}

  record Assigned(String consumer, int client, Set<TopicPartition> partitions)
      implements OfConsumer {}

  /** Handed over: the callback has returned. */
  record Revoked(String consumer, int client, Set<TopicPartition> partitions)
      implements OfConsumer {}

  record Lost(String consumer, int client, Set<TopicPartition> partitions) implements OfConsumer {}

  record Expelled(String consumer, int client, String reason) implements OfConsumer {}

  record Committed(String consumer, int client, TopicPartition partition, long offset)
      implements OfConsumer {}

  record CommitAnswered(
      String consumer, int client, Map<TopicPartition, Long> offsets, boolean confirmed)
      implements OfConsumer {}

  record CallBegun(String consumer, int client, String call) implements OfConsumer {}

  record CallEnded(String consumer, int client, String call, boolean threw) implements OfConsumer {}

  /**
   * A poll begins.
   *
   * @param wanted partitions that a reason holds at this moment
   * @param paused partitions that the client has paused
   */
  record Polling(
      String consumer,
      int client,
      Set<TopicPartition> owned,
      Set<TopicPartition> wanted,
      Set<TopicPartition> paused)
      implements OfConsumer {}

  /** The library says that it fenced itself, or lost its partitions. */
  record Fenced(String consumer) implements OfConsumer {}

  /** The library has a client replaced. */
  record Restarting(String consumer) implements OfConsumer {}

  // ---- the world

  record Appended(TopicPartition partition, long offset) implements Fact {}

  record Killed(String process) implements Fact {}

  record Stalled(String process, long nanos) implements Fact {}

  /**
   * Something was made to go wrong.
   *
   * @param consumer empty when it strikes all
   */
  record Struck(String kind, String consumer) implements Fact {}

  /** No fault from here on; everything has to heal. */
  record FaultsOver() implements Fact {}

  /** The client, or a simulated thread, was used in a forbidden way. */
  record Misused(String rule, String what) implements Fact {}

  /** Everything was closed. */
  record RunOver() implements Fact {}
}
