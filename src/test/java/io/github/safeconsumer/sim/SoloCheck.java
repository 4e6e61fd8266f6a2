package io.github.safeconsumer.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * S19: where suspects are run one by one, only the one that a confirmed note names begins; and
 * while such a note says that it is alone, nothing else of its process runs.
 */
final class SoloCheck implements Check {
  /** Most suspects that are run one by one. */
  static final long MOST = 1_000;

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final NoteCheck notes;
  private final Map<String, Set<String>> consumers = new HashMap<>();

  /** What runs, by process. */
  private final Map<String, Map<String, Integer>> running = new HashMap<>();

  /** Attempted by its owner, which lives: they are under suspicion no more. */
  private final Map<String, Set<Long>> survived = new HashMap<>();

  SoloCheck(Verdicts verdicts, Circumstances circumstances, NoteCheck notes) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
    this.notes = notes;
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Built built) {
      consumers
          .computeIfAbsent(built.traits().process(), p -> new TreeSet<>())
          .add(built.consumer());
    } else if (fact instanceof Fact.Assigned assigned) {
      assigned.partitions().forEach(p -> survived.remove(assigned.consumer() + " " + p));
    } else if (fact instanceof Fact.Begun begun) {
      begun(begun);
      running(begun.consumer()).merge(name(begun.partition(), begun.offset()), 1, Integer::sum);
    } else if (fact instanceof Fact.Ended ended) {
      running(ended.consumer())
          .computeIfPresent(
              name(ended.partition(), ended.offset()), (r, times) -> times == 1 ? null : times - 1);
      survived
          .computeIfAbsent(ended.consumer() + " " + ended.partition(), o -> new HashSet<>())
          .add(ended.offset());
    } else if (fact instanceof Fact.CommitAnswered answered && answered.confirmed()) {
      answered.positions().forEach(position -> confirmed(answered, position));
    }
  }

  private static String name(TopicPartition partition, long offset) {
    return partition + "@" + offset;
  }

  private Map<String, Integer> running(String consumer) {
    return running.computeIfAbsent(circumstances.traits(consumer).process(), p -> new HashMap<>());
  }

  private void begun(Fact.Begun begun) {
    Traits traits = circumstances.traits(begun.consumer());
    String what = begun.consumer() + " begins " + name(begun.partition(), begun.offset());
    Note own = notes.confirmed(begun.consumer(), begun.partition());
    Note.Suspicion of = own == null ? null : own.suspicion();
    if (of != null
        && isSolo(notes.opening(begun.consumer(), begun.partition()), traits.crashLimit())
        && of.suspects(begun.offset())
        && !survived
            .getOrDefault(begun.consumer() + " " + begun.partition(), Set.of())
            .contains(begun.offset())) {
      verdicts.checked(Invariant.S19);
      if (of.named() != begun.offset()) {
        verdicts.violated(Invariant.S19, what + " which is not named: " + own);
      }
      if (begun.batch() > 1) {
        verdicts.violated(Invariant.S19, what + " in a batch of " + begun.batch());
      }
    }
    for (String consumer : consumers.get(traits.process())) {
      for (TopicPartition partition : notes.partitions(consumer)) {
        Note note = notes.confirmed(consumer, partition);
        if (isAlone(note)
            && !(partition.equals(begun.partition())
                && note.suspicion().named() == begun.offset())) {
          verdicts.violated(
              Invariant.S19,
              what + " while " + name(partition, note.suspicion().named()) + " is to be alone");
        }
      }
    }
  }

  /** How an owner runs suspects is settled when it begins. */
  private static boolean isSolo(Note opening, int limit) {
    Note.Suspicion of = opening == null ? null : opening.suspicion();
    return of != null && of.deaths() >= limit - 1 && of.count() <= MOST;
  }

  private static boolean isAlone(Note note) {
    return note != null
        && note.open()
        && note.suspicion() != null
        && note.suspicion().alone()
        && note.suspicion().named() >= 0;
  }

  private void confirmed(Fact.CommitAnswered answered, Note.Position position) {
    if (!isAlone(position.note())) {
      return;
    }
    String named = name(position.partition(), position.note().suspicion().named());
    for (String other : running(answered.consumer()).keySet()) {
      if (!other.equals(named)) {
        verdicts.violated(
            Invariant.S19,
            answered.consumer() + " says that " + named + " is alone while " + other + " runs");
      }
    }
  }
}
