package io.github.safeconsumer.sim;

import io.github.safeconsumer.sim.Ownerships.How;
import io.github.safeconsumer.sim.Ownerships.Ownership;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/** S8, S9, S14, L3, L5: what was done, what was committed, and what was done again. */
final class OffsetCheck implements Check {
  /** Commits leave every 200 ms and take their way; at a kill nothing older may be open. */
  private static final long COMMIT_DELAY = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** Who did a record last, and as what. */
  private record Done(String consumer, Ownership ownership, long at, boolean buried) {}

  private static final class Log {
    final NavigableSet<Long> records = new TreeSet<>();
    final Map<Long, Done> done = new HashMap<>();
    final Map<Long, Set<String>> doneBy = new HashMap<>();
    long committed = -1;
    boolean stale;
    final Map<Long, Ownership> firstBegun = new HashMap<>();

    /** Done as far as notes beside committed offsets said. */
    final Set<Long> announced = new HashSet<>();
  }

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Ownerships ownerships;
  private final Map<TopicPartition, Log> logs =
      new TreeMap<>(
          java.util.Comparator.comparing(TopicPartition::topic)
              .thenComparingInt(TopicPartition::partition));
  private final Map<String, Optional<Ownership>> lastBegunIn = new HashMap<>();
  private final Map<String, Optional<Ownership>> begunIn = new HashMap<>();
  private final Map<String, Long> polled = new HashMap<>();
  private final Map<String, Long> polledBefore = new HashMap<>();
  private long staleCommits;
  private long open;
  private long repeatedAfterKill;
  private long repeatedAfterLoss;

  OffsetCheck(Verdicts verdicts, Circumstances circumstances, Ownerships ownerships) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
    this.ownerships = ownerships;
  }

  private Log log(TopicPartition partition) {
    return logs.computeIfAbsent(partition, p -> new Log());
  }

  /** Records that nobody has done yet. */
  long open() {
    return open;
  }

  long repeatedAfterKill() {
    return repeatedAfterKill;
  }

  /** Commits of members that the group had thrown out, and took all the same. */
  long staleCommits() {
    return staleCommits;
  }

  long repeatedAfterLoss() {
    return repeatedAfterLoss;
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Appended appended) {
      log(appended.partition()).records.add(appended.offset());
      open++;
    } else if (fact instanceof Fact.Begun begun) {
      Optional<Ownership> in =
          Optional.ofNullable(ownerships.current(begun.consumer(), begun.partition()));
      if (!in.equals(lastBegunIn.put(begun.consumer() + begun.partition(), in))) {
        verdicts.checked(Invariant.S14); // the first record of an ownership
      }
      begunIn.put(name(begun.consumer(), begun.partition(), begun.offset()), in);
      log(begun.partition()).firstBegun.putIfAbsent(begun.offset(), in.orElse(null));
      begun(now, begun);
    } else if (fact instanceof Fact.Ended ended && ended.end() == Fact.End.DONE) {
      Ownership of = begunIn(ended.consumer(), ended.partition(), ended.offset());
      done(now, ended.consumer(), ended.partition(), ended.offset(), of, false);
    } else if (fact instanceof Fact.Buried buried) {
      Ownership of = begunIn(buried.consumer(), buried.partition(), buried.offset());
      if (log(buried.partition()).firstBegun.get(buried.offset()) != of) {
        of = null; // a letter of an earlier ownership may have been on its way
      }
      done(now, buried.consumer(), buried.partition(), buried.offset(), of, true);
    } else if (fact instanceof Fact.Committed committed) {
      committed(committed);
    } else if (fact instanceof Fact.Polling polling) {
      polledBefore.put(polling.consumer(), polled.getOrDefault(polling.consumer(), now));
      polled.put(polling.consumer(), now);
    } else if (fact instanceof Fact.Tampered tampered) {
      tampered(tampered);
    } else if (fact instanceof Fact.Recreated recreated) {
      recreated(recreated);
    } else if (fact instanceof Fact.RunOver) {
      runOver();
    }
  }

  private static String name(String consumer, TopicPartition partition, long offset) {
    return consumer + " " + partition + "@" + offset;
  }

  /** The ownership in which it last began that record, or null. */
  private Ownership begunIn(String consumer, TopicPartition partition, long offset) {
    return begunIn.getOrDefault(name(consumer, partition, offset), Optional.empty()).orElse(null);
  }

  /**
   * @param ownership in which it was begun, or null
   * @param buried whether the dead-letter topic has it
   */
  private void done(
      long now,
      String consumer,
      TopicPartition partition,
      long offset,
      Ownership ownership,
      boolean buried) {
    Log log = log(partition);
    if (log.done.put(offset, new Done(consumer, ownership, now, buried)) == null) {
      open--;
    }
    log.doneBy.computeIfAbsent(offset, o -> new HashSet<>(2)).add(consumer);
  }

  private void committed(Fact.Committed committed) {
    Log log = log(committed.partition());
    String what =
        committed.consumer()
            + "/client"
            + committed.client()
            + " commits "
            + committed.partition()
            + "="
            + committed.offset();
    verdicts.checked(Invariant.S8);
    announced(log, committed, what);
    if (circumstances.isExpelled(committed.client())) {
      stale(log, committed.offset());
      return;
    }
    Ownership ownership = ownerships.current(committed.consumer(), committed.partition());
    if (ownership == null || ownership.client != committed.client()) {
      boolean onTheWay =
          circumstances.isKilled(committed.consumer()) || ownerships.isClosing(committed.client());
      if (!onTheWay) {
        verdicts.violated(Invariant.S8, what + " and does not own it");
      }
    }
    if (committed.offset() < log.committed) {
      verdicts.violated(Invariant.S8, what + " after " + log.committed);
      return;
    }
    for (long offset :
        log.records.subSet(Math.max(0, log.committed), true, committed.offset(), false)) {
      if (!log.doneBy.containsKey(offset)) {
        verdicts.violated(Invariant.S9, what + ", and nobody has done @" + offset);
      } else if (!log.stale
          && !log.announced.contains(offset)
          && !log.doneBy.get(offset).contains(committed.consumer())) {
        verdicts.violated(Invariant.S8, what + ", and has not done @" + offset);
      } else {
        verdicts.checked(Invariant.S9);
      }
    }
    log.committed = committed.offset();
    if (circumstances.isShortOfMetadata(committed.consumer())) {
      forget(log, committed.offset()); // what others had done ahead may not have found room
    }
  }

  /** Nobody will look at these records again: they have to be done. */
  private void announced(Log log, Fact.Committed committed, String what) {
    if (committed.position().note() == null) {
      return;
    }
    for (Note.Range range : committed.position().note().done()) {
      for (long offset : log.records.subSet(range.from(), true, range.to(), false)) {
        verdicts.checked(Invariant.S16);
        if (log.doneBy.containsKey(offset)) {
          log.announced.add(offset);
        } else {
          verdicts.violated(
              Invariant.S16, what + " and notes @" + offset + " as done, which nobody has done");
        }
      }
    }
  }

  /** What is done from there on is forgotten, and may be done again by anybody. */
  private void tampered(Fact.Tampered tampered) {
    Log log = log(tampered.partition());
    log.committed = tampered.offset();
    if (ownerships.other("", tampered.partition()) == null) { // else its owner knows them already
      log.announced.removeIf(offset -> offset >= tampered.offset());
    }
    forget(log, tampered.offset());
  }

  private void recreated(Fact.Recreated recreated) {
    logs.entrySet()
        .removeIf(
            entry -> {
              boolean gone = entry.getKey().topic().equals(recreated.topic());
              Log log = entry.getValue();
              open -= gone ? log.records.stream().filter(o -> !log.done.containsKey(o)).count() : 0;
              return gone;
            });
  }

  private static void forget(Log log, long from) {
    log.done.replaceAll(
        (o, done) -> o < from ? done : new Done(done.consumer(), null, done.at(), done.buried()));
  }

  /**
   * A group that is empty takes the commit of a member that it has thrown out (KIP-848), and the
   * client may not have heard of it yet. It can go back, and then others have done what is
   * committed next.
   */
  private void stale(Log log, long offset) {
    staleCommits++;
    log.stale = true;
    log.committed = Math.min(log.committed, offset);
    forget(log, offset);
  }

  private void begun(long now, Fact.Begun begun) {
    Log log = log(begun.partition());
    if (!log.records.contains(begun.offset())) {
      verdicts.violated(Invariant.S9, begun + " was never written");
    }
    Done before = log.done.get(begun.offset());
    if (before == null) {
      return;
    }
    String what =
        begun.consumer() + " does " + begun.partition() + "@" + begun.offset() + " again, that ";
    Ownership earlier = before.ownership();
    if (earlier == null) {
      return;
    }
    if (earlier.isOver() && before.at() > earlier.to) {
      // Done by an attempt that outlasted its ownership, which has to wait for it for a while.
      if (earlier.how == How.GRACEFUL
          && !earlier.awaited
          && !circumstances.troubled(earlier.consumer, earlier.from, earlier.to)) {
        verdicts.violated(Invariant.S14, what + earlier + " was doing, and did not wait for");
      }
      return;
    }
    if (!earlier.isOver()) {
      if (earlier.consumer.equals(begun.consumer())) {
        verdicts.violated(Invariant.S14, what + "it has done in the same ownership");
      } else if (!circumstances.troubled(earlier.consumer, before.at(), now)
          && !circumstances.troubled(begun.consumer(), before.at(), now)) {
        verdicts.violated(Invariant.S14, what + earlier + " has done, which still owns it");
      }
      return;
    }
    // The acknowledgement of a dead letter can be lost on its way: then it is not known to be done.
    boolean unheard =
        before.buried() && circumstances.troubled(earlier.consumer, before.at(), earlier.to);
    boolean commitFailed =
        unheard
            || earlier.commitFailed >= before.at()
            || circumstances.isShortOfMetadata(earlier.consumer);
    if (earlier.how == How.GRACEFUL) {
      if (!commitFailed && before.at() <= earlier.doneInTime) {
        verdicts.violated(
            Invariant.S14,
            what + earlier + " had done at " + before.at() + " and handed over at " + earlier.to);
      }
    } else {
      abrupt(what, before, earlier, commitFailed);
    }
  }

  private void abrupt(String what, Done before, Ownership earlier, boolean commitFailed) {
    if (circumstances.isKilled(earlier.consumer)) {
      repeatedAfterKill++;
    } else {
      repeatedAfterLoss++;
    }
    // The loop commits once a turn: in a turn that a hand-over or a slow call stretches, later.
    long turn = Math.min(earlier.to, polledBefore.getOrDefault(earlier.consumer, earlier.to));
    if (!commitFailed && !circumstances.troubled(earlier.consumer, before.at(), earlier.to)) {
      if (before.at() < turn - COMMIT_DELAY) {
        verdicts.violated(
            Invariant.S14,
            what
                + earlier
                + " had done "
                + TimeUnit.NANOSECONDS.toMillis(earlier.to - before.at())
                + " ms before it ended");
      }
    }
  }

  private void runOver() {
    logs.forEach(
        (partition, log) -> {
          for (long offset : log.records) {
            if (!log.done.containsKey(offset)) {
              verdicts.violated(Invariant.S9, partition + "@" + offset + " was never done");
            }
          }
        });
  }

  /** All consumers were closed some time after the last fault: what is done has to be committed. */
  void allClosed() {
    logs.forEach(
        (partition, log) -> {
          if (!log.records.isEmpty()) {
            verdicts.checked(Invariant.L5);
            if (log.committed <= log.records.last()) {
              verdicts.violated(
                  Invariant.L5,
                  partition + " is committed up to " + log.committed + " of " + log.records.last());
            }
          }
        });
  }

  /** Some that are open, for a report. */
  String someOpen() {
    StringBuilder text = new StringBuilder();
    logs.forEach(
        (partition, log) ->
            log.records.stream()
                .filter(offset -> !log.done.containsKey(offset))
                .findFirst()
                .ifPresent(
                    offset ->
                        text.append(partition)
                            .append('@')
                            .append(offset)
                            .append(" (committed ")
                            .append(log.committed)
                            .append(") ")));
    return text.toString();
  }
}
