package io.github.safeconsumer.internal.core;

import org.jspecify.annotations.Nullable;

/**
 * The serial queue of records that must not overtake each other. Guarded by its partition; only the
 * head can be under way, or the first few where they were handed out as part of a batch.
 *
 * <pre>
 *   IDLE --record--> READY --worker--> RUNNING --done--> RUNNING (next record) or IDLE
 *                      ^                  |---retry--> WAITING --due--> READY
 *                      |                  |---no hope-> SENDING --acknowledged--> READY or IDLE
 *                      +--- given back ---+               |---cannot be sent---> HELD
 *                                         +---no dead-letter topic-------------> HELD
 *   HELD --an operator says so--> READY, SENDING or IDLE
 * </pre>
 */
public final class Lane {
  /** Where the head of the lane stands. */
  public enum Phase {
    /** Empty. */
    IDLE,
    /** Its head can be started by any worker, unless a pause holds it back. */
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
        case READY -> next == RUNNING;
        case RUNNING ->
            next == IDLE || next == READY || next == WAITING || next == SENDING || next == HELD;
        case WAITING -> next == READY || next == SENDING || next == HELD;
        case SENDING -> next == IDLE || next == READY || next == HELD;
        case HELD -> next == READY || next == IDLE || next == SENDING;
      };
    }
  }

  private final OwnedPartition partition;

  /** Raw key that its records share; null where they share none. */
  final byte @Nullable [] key;

  final int hash;

  /** The next lane in the same bucket of the table. */
  @Nullable Lane chained;

  private Phase phase = Phase.IDLE;
  private @Nullable OpenRecord head;
  private @Nullable OpenRecord tail;
  private int size;
  @Nullable Attempt running;

  /** What a worker goes through without the lock; null for nothing. */
  @Nullable LaneRun run;

  @Nullable FailureHistory history;

  /** Why it is HELD. */
  String heldBy = "";

  /** Whether it is in the queue of lanes that a worker may take. */
  boolean queued;

  /** Whether it waits for the lease or for room in the note. */
  boolean postponed;

  /** Whether its head has to be run alone; as it was when the lane was queued. */
  boolean queuedAlone;

  /** How many of its first records have to be run alone, since a batch with them failed. */
  int alone;

  Lane(OwnedPartition partition, byte @Nullable [] key, int hash) {
    this.partition = partition;
    this.key = key;
    this.hash = hash;
  }

  public OwnedPartition partition() {
    return partition;
  }

  @Nullable OpenRecord head() {
    return head;
  }

  int size() {
    return size;
  }

  void append(OpenRecord record) {
    OpenRecord before = tail;
    if (before == null) {
      head = record;
      history = record.inherited;
    } else {
      before.next = record;
    }
    tail = record;
    size++;
  }

  /** Its head is done. */
  OpenRecord removeHead() {
    OpenRecord done = head;
    if (done == null) {
      throw new IllegalStateException("lane of " + partition.topicPartition() + " is empty");
    }
    OpenRecord after = done.next;
    head = after;
    size--;
    running = null;
    if (alone > 0) {
      alone--;
    }
    if (after == null) {
      tail = null;
      history = null;
    } else {
      history = after.inherited;
    }
    return done;
  }

  /** Whether its head must not share a batch with others. */
  boolean isAlone() {
    return alone > 0 || history != null;
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
