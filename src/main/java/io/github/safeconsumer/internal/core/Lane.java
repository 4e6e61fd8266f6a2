package io.github.safeconsumer.internal.core;

import java.util.ArrayDeque;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The serial queue of records that must not overtake each other. Guarded by its partition; only the
 * head can be under way.
 *
 * <pre>
 *   IDLE --record or resume--> READY --worker--> RUNNING --done--> RUNNING (next record) or IDLE
 *                                ^                  |---retry--> WAITING --due--> READY
 *                                |                  |---no hope-> SENDING --acknowledged--> READY or IDLE
 *                                +--- time slice ---+               |---cannot be sent---> HELD
 *                                                   +---no dead-letter topic-------------> HELD
 * </pre>
 */
public final class Lane {
  /** Where the head of the lane stands. */
  public enum Phase {
    /** Nothing to do, or records that a pause holds back. */
    IDLE,
    /** Handed to the workers, not taken yet. */
    READY,
    /** A worker (or an asynchronous attempt) has it. */
    RUNNING,
    /** Its head waits for a retry. */
    WAITING,
    /** Its head's dead letter is under way. */
    SENDING,
    /** Its head waits for an operator. */
    HELD;

    boolean canBecome(Phase next) {
      return switch (this) {
        case IDLE -> next == READY;
        case READY -> next == RUNNING || next == IDLE;
        case RUNNING ->
            next == IDLE || next == READY || next == WAITING || next == SENDING || next == HELD;
        case WAITING -> next == READY || next == SENDING || next == HELD;
        case SENDING -> next == IDLE || next == READY || next == HELD;
        case HELD -> next == READY || next == IDLE;
      };
    }
  }

  final OwnedPartition partition;
  final ArrayDeque<ConsumerRecord<byte[], byte[]>> queue = new ArrayDeque<>();
  private Phase phase = Phase.IDLE;
  @Nullable Attempt running;
  @Nullable FailureHistory history;

  Lane(OwnedPartition partition) {
    this.partition = partition;
  }

  public OwnedPartition partition() {
    return partition;
  }

  Phase phase() {
    return phase;
  }

  void moveTo(Phase next) {
    if (!phase.canBecome(next)) {
      throw new IllegalStateException(
          "lane of " + partition.topicPartition() + ": " + phase + " cannot become " + next);
    }
    phase = next;
  }

  /** The one move that is legal from everywhere: something unforeseen happened to the lane. */
  void forceHeld() {
    phase = Phase.HELD;
  }
}
