package io.github.safeconsumer.sim;

import io.github.safeconsumer.sim.Ownerships.Ownership;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * S14, S15, S18: what begins is compared with the notes beside committed offsets: with the one that
 * its owner found, and the last one that it knows to be committed.
 */
final class NoteCheck implements Check {
  /** What one owner knows. */
  private static final class Known {
    final Ownership ownership;

    /** What the group had when the ownership began; null for nothing, or for what is no good. */
    Note.Position found;

    Note.Position confirmed;

    /** The first of these. */
    Note.Position opening;

    final Set<Long> begun = new HashSet<>();

    Known(Ownership ownership, Note.Position found) {
      this.ownership = ownership;
      this.found = found;
    }
  }

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Ownerships ownerships;
  private final Map<TopicPartition, Note.Position> committed = new HashMap<>();
  private final Map<String, Map<TopicPartition, Known>> known = new HashMap<>();
  private long foundDone;

  NoteCheck(Verdicts verdicts, Circumstances circumstances, Ownerships ownerships) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
    this.ownerships = ownerships;
  }

  /**
   * Ranges beyond the committed offset that owners found to be done when they took partitions over.
   */
  long foundDone() {
    return foundDone;
  }

  /**
   * The note that its owner knows to be committed; null for none, or where it does not own it any
   * more.
   */
  @Nullable Note confirmed(String consumer, TopicPartition partition) {
    Known its = known.getOrDefault(consumer, Map.of()).get(partition);
    return its == null || its.ownership.isOver() || its.confirmed == null
        ? null
        : its.confirmed.note();
  }

  /** The note with which its owner began, as far as {@link #confirmed} has one. */
  @Nullable Note opening(String consumer, TopicPartition partition) {
    return confirmed(consumer, partition) == null
        ? null
        : known.get(consumer).get(partition).opening.note();
  }

  /** Partitions of which it knows anything. */
  Set<TopicPartition> partitions(String consumer) {
    return known.getOrDefault(consumer, Map.of()).keySet();
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Assigned assigned) {
      assigned.partitions().forEach(p -> assigned(assigned.consumer(), p));
    } else if (fact instanceof Fact.Committed made) {
      committed.put(made.partition(), made.position());
      if (circumstances.isExpelled(made.client())) {
        distrust(made.partition());
      }
    } else if (fact instanceof Fact.CommitAnswered answered && answered.confirmed()) {
      answered.positions().forEach(position -> confirmed(answered, position));
    } else if (fact instanceof Fact.Tampered tampered) {
      committed.remove(tampered.partition());
      distrust(tampered.partition());
    } else if (fact instanceof Fact.Recreated recreated) {
      committed.keySet().removeIf(p -> p.topic().equals(recreated.topic()));
      known
          .values()
          .forEach(all -> all.keySet().removeIf(p -> p.topic().equals(recreated.topic())));
    } else if (fact instanceof Fact.Begun begun) {
      begun(begun);
    }
  }

  private void assigned(String consumer, TopicPartition partition) {
    Note.Position found = committed.get(partition);
    foundDone += found == null || found.note() == null ? 0 : found.note().done().size();
    known
        .computeIfAbsent(consumer, c -> new HashMap<>())
        .put(partition, new Known(ownerships.current(consumer, partition), found));
  }

  private void distrust(TopicPartition partition) {
    for (Map<TopicPartition, Known> all : known.values()) {
      Known its = all.get(partition);
      if (its != null) {
        its.found = null;
      }
    }
  }

  private void confirmed(Fact.CommitAnswered answered, Note.Position position) {
    Known its = known.getOrDefault(answered.consumer(), Map.of()).get(position.partition());
    if (its != null && its.ownership.client == answered.client()) {
      its.confirmed = position;
      its.opening = its.opening == null ? position : its.opening;
    }
  }

  private void begun(Fact.Begun begun) {
    Known its = known.getOrDefault(begun.consumer(), Map.of()).get(begun.partition());
    if (its == null || its.ownership.isOver()) {
      return;
    }
    String what = begun.consumer() + " begins " + begun.partition() + "@" + begun.offset();
    Note last = its.confirmed == null ? null : its.confirmed.note();
    verdicts.checked(Invariant.S15);
    boolean noted = last != null || !circumstances.isShortOfMetadata(begun.consumer());
    if (noted && (last == null || last.leaseEnd() <= begun.offset())) {
      verdicts.violated(Invariant.S15, what + ", confirmed was " + its.confirmed);
    }
    if (begun.attempt() > 1) {
      verdicts.checked(Invariant.S18);
      if ((last == null || last.attempts(begun.offset()) < begun.attempt() - 1)
          && !circumstances.isShortOfMetadata(begun.consumer())) {
        verdicts.violated(
            Invariant.S18,
            what + " for the time " + begun.attempt() + ", confirmed was " + its.confirmed);
      }
    }
    if (its.found != null && its.begun.add(begun.offset())) {
      found(begun, its.found, what);
    }
  }

  private void found(Fact.Begun begun, Note.Position found, String what) {
    if (found.covers(begun.offset())) {
      verdicts.violated(Invariant.S14, what + ", which was noted as done: " + found);
    }
    int before = found.note() == null ? 0 : found.note().attempts(begun.offset());
    if (before > 0) {
      verdicts.checked(Invariant.S18);
    }
    if (found.note() != null && found.note().buried().contains(begun.offset())) {
      verdicts.violated(Invariant.S18, what + ", which owed a dead letter: " + found);
    }
    if (begun.attempt() <= before) {
      verdicts.violated(
          Invariant.S18, what + " as attempt " + begun.attempt() + ", it found " + found);
    }
  }
}
