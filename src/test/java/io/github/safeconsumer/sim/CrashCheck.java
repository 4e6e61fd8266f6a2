package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * S20, L7: which records are given up because processes died, judged by how the owners of their
 * partitions ended and what these had committed by then.
 *
 * <p>A record may be convicted when so many owners in a row ended without a last word as the limit
 * says, while it was below the lease and not done; and when the last notes of these named it, once
 * as alone or twice in company. A death that another record brought about while it was said to be
 * alone never counts. So a record that kills nobody can be convicted for kills from outside only.
 */
final class CrashCheck implements Check {
  /** A whole death, where one in company is half of one. */
  private static final int WHOLE = 2;

  /** An owner that ended without a last word, and what it had committed. */
  private record End(Note.Position left, Fact.@Nullable Killed death) {
    boolean suspects(long offset) {
      return offset >= left.offset()
          && offset < left.note().leaseEnd()
          && !left.note().isDone(offset);
    }

    /** It neither clears nor charges this one. */
    boolean explainedByAnother(long offset) {
      Note.Suspicion of = left.note().suspicion();
      return of != null
          && of.alone()
          && of.named() != offset
          && of.named() < left.note().leaseEnd();
    }

    /** What it says against the record. */
    int charge(TopicPartition partition, long offset) {
      Note.Suspicion of = left.note().suspicion();
      boolean another =
          death != null
              && death.partition() != null
              && !(death.partition().equals(partition) && death.offset() == offset);
      if (of == null || of.named() != offset) {
        return 0;
      }
      return of.alone() ? (another ? 0 : WHOLE) : 1;
    }
  }

  private static final class Log {
    Note.@Nullable Position last;
    @Nullable String process;
    final List<End> ends = new ArrayList<>();
    final Set<Long> killers = new HashSet<>();
    final Set<Long> convicted = new HashSet<>();
    long end;
    int killings;

    /** Deaths that no killer of the partition is to blame for. */
    int others;

    int narrowings;

    /** Somebody else changed what is noted: nothing is known of earlier deaths. */
    boolean distrusted;
  }

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Map<TopicPartition, Log> logs = new HashMap<>();
  private final Map<String, Fact.Killed> deaths = new HashMap<>();
  private int limit = 3;
  private long convictions;
  private long innocent;

  CrashCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  long convictions() {
    return convictions;
  }

  /** Convicted though they kill nobody. */
  long innocent() {
    return innocent;
  }

  private Log log(TopicPartition partition) {
    return logs.computeIfAbsent(partition, p -> new Log());
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Appended appended) {
      log(appended.partition()).end = appended.offset() + 1;
    } else if (fact instanceof Fact.Built built) {
      limit = built.traits().crashLimit();
    } else if (fact instanceof Fact.Killer killer) {
      log(killer.partition()).killers.add(killer.offset());
    } else if (fact instanceof Fact.Killed killed) {
      deaths.put(killed.process(), killed);
      if (killed.partition() != null) {
        killing(killed, log(killed.partition()));
      }
    } else if (fact instanceof Fact.Committed committed) {
      committed(committed, log(committed.partition()));
    } else if (fact instanceof Fact.Tampered tampered) {
      log(tampered.partition()).distrusted = true;
    } else if (fact instanceof Fact.Recreated recreated) {
      logs.keySet().removeIf(partition -> partition.topic().equals(recreated.topic()));
    } else if (fact instanceof Fact.Buried buried) {
      buried(buried, log(buried.partition()));
    } else if (fact instanceof Fact.RunOver) {
      logs.forEach(this::runOver);
    }
  }

  private void killing(Fact.Killed killed, Log log) {
    if (log.last != null && killed.process().equals(log.process) && !log.last.note().open()) {
      return; // asked to end before it died: for the next owner that is an end in order
    }
    log.killings++;
    verdicts.checked(Invariant.L7);
    int most = limit * log.killers.size() * (1 + log.others) + log.narrowings;
    if (log.killings > most && !log.distrusted) {
      verdicts.violated(
          Invariant.L7,
          "%s@%d kills %s: death %d by records of it, and at most %d"
              .formatted(
                  killed.partition(), killed.offset(), killed.process(), log.killings, most));
    }
  }

  private void committed(Fact.Committed committed, Log log) {
    String process = circumstances.traits(committed.consumer()).process();
    Note note = committed.position().note();
    if (note == null
        || circumstances.isExpelled(committed.client())
        || circumstances.isShortOfMetadata(committed.consumer())) {
      log.distrusted = true;
    }
    if (!log.distrusted && log.last != null && !process.equals(log.process)) {
      takenOver(committed, log, log.last, log.process);
    }
    log.last = note == null ? null : committed.position();
    log.process = process;
  }

  /** The first commit of another process shows what it made of the last one of its predecessor. */
  private void takenOver(
      Fact.Committed committed, Log log, Note.Position left, @Nullable String from) {
    verdicts.checked(Invariant.S20);
    boolean unclean = left.note().open();
    if (unclean && left.note().leaseEnd() > left.offset()) { // else nothing can have run
      End end = new End(left, deaths.get(from));
      log.ends.add(end);
      Fact.Killed death = end.death();
      boolean byKiller = death != null && committed.partition().equals(death.partition());
      log.others += byKiller ? 0 : 1;
      log.narrowings +=
          Math.min(left.note().leaseEnd(), log.end) - left.offset() > SoloCheck.MOST ? 1 : 0;
    }
    Note.Suspicion before = left.note().suspicion();
    Note.Suspicion after = committed.position().note().suspicion();
    int deathsBefore = before == null ? 0 : before.deaths();
    if (after == null) {
      return;
    }
    String what = committed.consumer() + " takes " + committed.partition() + " over and notes ";
    if (after.deaths() > deathsBefore + (unclean ? 1 : 0)) {
      verdicts.violated(Invariant.S20, what + after + ", left was " + left);
    }
    boolean grown = after.deaths() > deathsBefore;
    for (Note.Range range : after.suspects()) {
      for (long offset = range.from(); offset < range.to() && grown; offset++) {
        boolean known = before == null || before.suspects(offset);
        boolean may =
            offset >= left.offset()
                && (offset < left.note().leaseEnd() || (before != null && before.alone()));
        if (!known || !may) {
          verdicts.violated(Invariant.S20, what + after + ", left was " + left);
          return;
        }
      }
    }
  }

  private void buried(Fact.Buried buried, Log log) {
    String what = buried.partition() + "@" + buried.offset();
    boolean killer = log.killers.contains(buried.offset());
    if (buried.reason() != io.github.safeconsumer.DeadLetter.Reason.CRASHED) {
      if (killer) {
        verdicts.violated(Invariant.S20, what + " kills, and is a dead letter: " + buried);
      }
      return;
    }
    if (!log.convicted.add(buried.offset())) {
      return; // the same letter again
    }
    convictions++;
    innocent += killer ? 0 : 1;
    verdicts.checked(Invariant.S20);
    if (!log.distrusted && !isProven(log, buried.partition(), buried.offset())) {
      verdicts.violated(Invariant.S20, what + " is convicted, owners had left " + lastEnds(log));
    }
  }

  private static List<End> lastEnds(Log log) {
    return log.ends.subList(Math.max(0, log.ends.size() - 5), log.ends.size());
  }

  private boolean isProven(Log log, TopicPartition partition, long offset) {
    int inRow = 0;
    int charge = 0;
    for (End end : log.ends) {
      if (end.explainedByAnother(offset)) {
        continue;
      }
      boolean suspect = end.suspects(offset);
      inRow = suspect ? inRow + 1 : 0;
      charge = suspect ? charge + end.charge(partition, offset) : 0;
      if (inRow >= limit && charge >= WHOLE) {
        return true;
      }
    }
    return false;
  }

  private void runOver(TopicPartition partition, Log log) {
    for (long killer : log.killers) {
      if (!log.convicted.contains(killer)) {
        verdicts.violated(Invariant.L7, partition + "@" + killer + " kills and was not convicted");
      }
    }
  }
}
