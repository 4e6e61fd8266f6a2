package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Fact.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The attempts that a journal holds so far, by record. */
final class Attempts {
  private final Map<Place, List<Fact.Begun>> begun = new HashMap<>();
  private final Map<Place, Integer> ended = new HashMap<>();

  static Attempts in(SharedJournal journal) {
    Attempts attempts = new Attempts();
    journal.read(attempts::see);
    return attempts;
  }

  private void see(Fact fact) {
    if (fact instanceof Fact.Begun one) {
      begun.computeIfAbsent(one.place(), p -> new ArrayList<>()).add(one);
    } else if (fact instanceof Fact.Ended one) {
      ended.merge(one.place(), 1, Integer::sum);
    }
  }

  /** Those of one record, in order, over all owners. */
  List<Fact.Begun> of(Place place) {
    return begun.getOrDefault(place, List.of());
  }

  /** Whether each record has begun at least so many. */
  boolean eachBegan(Collection<Place> places, int count) {
    return places.stream().allMatch(place -> of(place).size() >= count);
  }

  /** Whether each record has ended at least so many. */
  boolean eachEnded(Collection<Place> places, int count) {
    return places.stream().allMatch(place -> ended.getOrDefault(place, 0) >= count);
  }

  /** Records that more than one member began. */
  long ofSeveralOwners(Collection<Place> places) {
    return places.stream().filter(place -> owners(place).size() > 1).count();
  }

  private Set<String> owners(Place place) {
    Set<String> owners = new HashSet<>();
    of(place).forEach(one -> owners.add(one.member()));
    return owners;
  }
}
