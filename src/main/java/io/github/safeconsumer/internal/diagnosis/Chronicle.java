package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.SafeConsumerEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happened lately, as far as a diagnosis and alerts need it. Hears every event. Thread-safe;
 * bounded, the oldest is forgotten first.
 */
public final class Chronicle {
  private static final int MOST = 512;

  /** How partitions came or went. */
  public enum Kind {
    /** Taken over. */
    ASSIGNED,
    /** Handed over. */
    REVOKED,
    /** Another member had them already: this one was thrown out. */
    LOST,
    /** This one stood still for so long that it gave its membership up. */
    FENCED
  }

  /**
   * Partitions came or went.
   *
   * @param partitions how many
   * @param reason why this member was thrown out; empty where it was not
   */
  public record Move(Instant at, Kind kind, int partitions, String reason) {
    boolean isEviction() {
      return kind == Kind.LOST || kind == Kind.FENCED;
    }
  }

  private final Deque<Move> moves = new ArrayDeque<>();
  private final Deque<Instant> deadLetters = new ArrayDeque<>();
  private final Deque<Instant> uncleanEnds = new ArrayDeque<>();
  private @Nullable Instant sendFailsSince;
  private String sendFailure = "";

  /** An event. */
  public synchronized void happened(SafeConsumerEvent event) {
    if (event instanceof SafeConsumerEvent.PartitionsAssigned assigned) {
      add(new Move(assigned.at(), Kind.ASSIGNED, assigned.partitions().size(), ""));
    } else if (event instanceof SafeConsumerEvent.PartitionsRevoked revoked) {
      add(new Move(revoked.at(), Kind.REVOKED, revoked.partitions().size(), ""));
    } else if (event instanceof SafeConsumerEvent.PartitionsLost lost) {
      add(new Move(lost.at(), Kind.LOST, lost.partitions().size(), lost.reason()));
    } else if (event instanceof SafeConsumerEvent.Fenced fenced) {
      fenced(fenced);
    } else if (event instanceof SafeConsumerEvent.DeadLettered letter) {
      add(deadLetters, letter.at());
      sendFailsSince = null;
    } else if (event instanceof SafeConsumerEvent.DeadLetterSendFailed failed) {
      sendFailsSince = sendFailsSince == null ? failed.at() : sendFailsSince;
      sendFailure = failed.exceptionClass();
    } else if (event instanceof SafeConsumerEvent.UncleanEnd end) {
      add(uncleanEnds, end.at());
    }
  }

  /** One eviction, though what it cost was told before: partitions that were lost by it. */
  private void fenced(SafeConsumerEvent.Fenced fenced) {
    Move last = moves.peekLast();
    int lost = last != null && last.kind() == Kind.LOST ? moves.removeLast().partitions() : 0;
    add(new Move(fenced.at(), Kind.FENCED, lost, fenced.reason()));
  }

  private void add(Move move) {
    moves.addLast(move);
    if (moves.size() > MOST) {
      moves.removeFirst();
    }
  }

  private static void add(Deque<Instant> times, Instant at) {
    times.addLast(at);
    if (times.size() > MOST) {
      times.removeFirst();
    }
  }

  /** How partitions came and went since then, in order. */
  public synchronized List<Move> movesSince(Instant then) {
    return moves.stream().filter(move -> !move.at().isBefore(then)).toList();
  }

  /** How many dead letters were acknowledged since then; counts to 512. */
  public synchronized int deadLettersSince(Instant then) {
    return countSince(deadLetters, then);
  }

  /** How many owners of partitions taken over here had died, since then; counts to 512. */
  public synchronized int uncleanEndsSince(Instant then) {
    return countSince(uncleanEnds, then);
  }

  private static int countSince(Deque<Instant> times, Instant then) {
    return (int) times.stream().filter(at -> !at.isBefore(then)).count();
  }

  /** What keeps dead letters from being written, since the last one that was. */
  public synchronized Optional<Facts.DeadLetterTrouble> deadLetterTrouble() {
    return Optional.ofNullable(sendFailsSince)
        .map(since -> new Facts.DeadLetterTrouble(since, sendFailure));
  }
}
