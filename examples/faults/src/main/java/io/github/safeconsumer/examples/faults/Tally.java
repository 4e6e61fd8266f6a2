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
  private final List<Long> assignments = new ArrayList<>();

  static Tally of(Collection<Fact> facts) {
    Tally tally = new Tally();
    facts.forEach(tally::add);
    return tally;
  }

  void add(Fact fact) {
    switch (fact.kind()) {
      case ASSIGNED -> {
        if (!fact.partitions().isEmpty()) {
          assignments.add(fact.at());
          fact.partitions().forEach(partition -> owners.put(partition, fact.pid()));
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

  /** How often partitions were given to a member from that moment on. */
  int assignmentsSince(long at) {
    return (int) assignments.stream().filter(time -> time >= at).count();
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
