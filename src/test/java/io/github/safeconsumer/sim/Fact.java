package io.github.safeconsumer.sim;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.Outcome;
import java.util.List;
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
    OUTAGE,
    /** In a batch, behind a failed record of its lane: it comes again. */
    RETURNED,
    /** In a batch of several that threw: nobody knows who failed. */
    THROWN
  }

  // ---- user code

  record Built(String consumer, Traits traits) implements OfConsumer {}

  /**
   * The handler was entered. A batch shows one of these for each of its records, with the same
   * number of work.
   *
   * @param key null for a record without one
   * @param work the call of the handler
   * @param batch how many records it was given
   */
  record Begun(
      String consumer,
      TopicPartition partition,
      long offset,
      int attempt,
      String key,
      long work,
      int batch)
      implements OfConsumer {}

  /** The handler was left, or its stage completed. */
  record Ended(String consumer, TopicPartition partition, long offset, End end, long work)
      implements OfConsumer {}

  /** The dead-letter topic holds the record. */
  record Buried(String consumer, TopicPartition partition, long offset, DeadLetter.Reason reason)
      implements OfConsumer {
    Buried(String consumer, TopicPartition partition, long offset) {
      this(consumer, partition, offset, DeadLetter.Reason.EXHAUSTED);
    }
  }

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

  /** Another limit of starts in a second is being set; infinite for none. */
  record RateAsked(String consumer, long id, double perSecond) implements OfConsumer {}

  /** It is in force, unless another one was set meanwhile. */
  record RateSet(String consumer, long id) implements OfConsumer {}

  /**
   * What of one topic was handed to lanes that can run.
   *
   * @param perWorker how many of its records one worker does within the window, as is assumed
   */
  record TopicLoad(int admitted, int perWorker) {}

  /** What is admitted now, by topic. */
  record Loaded(String consumer, Map<String, TopicLoad> topics) implements OfConsumer {}

  /**
   * What the loop leaves behind at the end of a turn.
   *
   * @param waiting partitions with records that nothing holds, and of which nothing runs
   * @param failing whether records wait for a retry, a dead letter or an operator
   */
  record Turned(String consumer, Set<TopicPartition> waiting, boolean failing)
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

  /** The group's committed offset is this one now. */
  record Committed(String consumer, int client, Note.Position position) implements OfConsumer {
    TopicPartition partition() {
      return position.partition();
    }

    long offset() {
      return position.offset();
    }
  }

  record CommitAnswered(
      String consumer, int client, List<Note.Position> positions, boolean confirmed)
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

  /** The breaker of the consumer is open: what opened it was charged to nobody. */
  record BreakerOpen(String consumer) implements OfConsumer {}

  /** A failure that may be the record's own was not charged: it belongs to an outage. */
  record Uncharged(String consumer, TopicPartition partition, long offset) implements OfConsumer {}

  /** The library says that it fenced itself, or lost its partitions. */
  record Fenced(String consumer) implements OfConsumer {}

  /** The library has a client replaced. */
  record Restarting(String consumer) implements OfConsumer {}

  // ---- the world

  record Appended(TopicPartition partition, long offset) implements Fact {}

  /**
   * Somebody outside of the library changed what the group has committed.
   *
   * @param offset -1 for nothing any more
   */
  record Tampered(TopicPartition partition, long offset) implements Fact {}

  /** The topic was deleted and created again, while nobody had anything of it. */
  record Recreated(String topic) implements Fact {}

  /** The handler of this record never returns. */
  record Hangs(TopicPartition partition, long offset) implements Fact {}

  /** The handler of this record kills whatever process it is entered in. */
  record Killer(TopicPartition partition, long offset) implements Fact {}

  /**
   * A process is no more.
   *
   * @param partition of the record that did it; null where it was killed from outside
   */
  record Killed(String process, TopicPartition partition, long offset) implements Fact {
    Killed(String process) {
      this(process, null, -1);
    }
  }

  record Stalled(String process, long nanos) implements Fact {}

  /**
   * Something was made to go wrong.
   *
   * @param consumer empty when it strikes all
   */
  record Struck(String kind, String consumer) implements Fact {}

  /**
   * No fault from here on; everything has to heal.
   *
   * @param catchUpNanos and to be handled within this time
   */
  record FaultsOver(long catchUpNanos) implements Fact {}

  /** Time went by. */
  record Waited() implements Fact {}

  /** The client, or a simulated thread, was used in a forbidden way. */
  record Misused(String rule, String what) implements Fact {}

  /** Everything was closed. */
  record RunOver() implements Fact {}
}
