package io.github.safeconsumer.crash;

import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.Reading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is said to be done in a confirmed commit, below its offset or in the ranges of its note, is
 * never begun again, by whomever. And a committed offset never falls.
 */
final class CommittedCheck {
  private static final Identity ANY = new Identity(0, 0);

  private record State(long offset, List<OffsetRange> done) {
    boolean holds(long other) {
      return other < offset
          || done.stream().anyMatch(range -> range.from() <= other && other < range.to());
    }
  }

  private final Map<Integer, State> states = new HashMap<>();
  private final Violations violations;
  private long withRanges;
  private int mostRanges;
  private int mostCharacters;

  CommittedCheck(Violations violations) {
    this.violations = violations;
  }

  void committed(Fact.Committed committed) {
    List<OffsetRange> done = List.of();
    Reading reading = NoteCodec.decode(committed.metadata(), committed.offset(), ANY);
    if (reading instanceof Reading.Read read) {
      Note note = read.note();
      done = note.done();
    } else if (reading instanceof Reading.Ignored ignored) {
      violations.add("%s cannot be read: %s".formatted(committed, ignored));
    }
    withRanges += done.isEmpty() ? 0 : 1;
    mostRanges = Math.max(mostRanges, done.size());
    mostCharacters = Math.max(mostCharacters, committed.metadata().length());
    State before = states.put(committed.partition(), new State(committed.offset(), done));
    if (before != null && before.offset() > committed.offset()) {
      violations.add("%s after %d".formatted(committed, before.offset()));
    }
  }

  void begun(Fact.Begun begun, Ownership by) {
    State state = states.get(begun.place().partition());
    if (state != null && state.holds(begun.place().offset()) && !by.endedUnclean()) {
      violations.add("%s begins though a confirmed commit says that it is done".formatted(begun));
    }
  }

  /** Commits with done ranges beyond their offset. */
  long withRanges() {
    return withRanges;
  }

  /** The most ranges of one commit. */
  int mostRanges() {
    return mostRanges;
  }

  /** The longest note. */
  int mostCharacters() {
    return mostCharacters;
  }
}
