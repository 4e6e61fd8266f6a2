package io.github.safeconsumer.examples.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a journal adds up to. */
final class Tally {
  private final Map<Place, Integer> attempts = new HashMap<>();
  private final Map<Place, Integer> completions = new HashMap<>();
  private final Map<Place, Long> firstDone = new HashMap<>();
  private final Map<Integer, Long> owners = new HashMap<>();
  private final Map<Integer, List<Long>> assignments = new HashMap<>();

  static Tally of(Collection<Fact> facts) {
    Tally tally = new Tally();
    facts.forEach(tally::add);
    return tally;
  }

  void add(Fact fact) {
    switch (fact.kind()) {
      case ASSIGNED -> {
        for (int partition : fact.partitions()) {
          assignments.computeIfAbsent(partition, p -> new ArrayList<>()).add(fact.at());
          owners.put(partition, fact.pid());
        }
      }
      case BEGIN -> attempts.merge(fact.place(), 1, Integer::sum);
      case DONE -> {
        completions.merge(fact.place(), 1, Integer::sum);
        firstDone.merge(fact.place(), fact.at(), Math::min);
      }
      case FAILED -> {} // it is not done: that is all that counts
    }
  }

  int attempts(Place place) {
    return attempts.getOrDefault(place, 0);
  }

  int completions(Place place) {
    return completions.getOrDefault(place, 0);
  }

  /** Completions of records that were complete already. */
  long duplicates() {
    return completions.values().stream().mapToLong(count -> count - 1).sum();
  }

  /** How often the record was done that was done most often. */
  int mostCompletions() {
    return completions.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** When the last of these was done for the first time; empty while one is not. */
  OptionalLong allDoneAt(Collection<Place> places) {
    return completions.keySet().containsAll(places)
        ? places.stream().mapToLong(firstDone::get).max()
        : OptionalLong.empty();
  }

  /**
   * Rebalances from that moment on. Each gives each partition to a member, kept or not, so it is as
   * many as the partition was given away that was given away most.
   */
  int rebalancesSince(long at) {
    return assignments.values().stream()
        .mapToInt(times -> (int) times.stream().filter(time -> time >= at).count())
        .max()
        .orElse(0);
  }

  /** Whether each partition was given to somebody, and so many processes have one. */
  boolean isShared(int partitions, int members) {
    return owners.size() == partitions && new HashSet<>(owners.values()).size() == members;
  }

  /** Whether the process was the last one that was given a partition, of any. */
  boolean owns(long pid) {
    return owners.containsValue(pid);
  }
}
