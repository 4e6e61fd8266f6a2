package io.github.safeconsumer.examples.faults;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which record stands where. Known before anything runs, so what each came to can be judged without
 * asking a consumer.
 *
 * @param sizes records of each partition
 * @param good the task of every record that is not bad
 * @param bad the places of the bad records
 * @param badValue what stands there
 */
record Plan(List<Integer> sizes, Task good, Set<Place> bad, byte[] badValue) {
  private static final Comparator<Place> IN_ORDER =
      Comparator.comparingInt(Place::partition).thenComparingLong(Place::offset);

  Plan {
    sizes = List.copyOf(sizes);
    Set<Place> sorted = new TreeSet<>(IN_ORDER);
    sorted.addAll(bad);
    bad = Collections.unmodifiableSet(sorted);
  }

  /** As many good records in each partition. */
  static Plan even(int partitions, int records, Task good) {
    return new Plan(Collections.nCopies(partitions, records), good, Set.of(), new byte[0]);
  }

  /** The same with a bad record instead of the good one at each of the places. */
  Plan withBad(Deed deed, Place... places) {
    return withBad(new Task(deed, good.latency()).toBytes(), places);
  }

  /** The same with bytes that nobody can read at each of the places. */
  Plan withPoison(Place... places) {
    return withBad("\u0000\u0001 no task".getBytes(StandardCharsets.UTF_8), places);
  }

  private Plan withBad(byte[] value, Place... places) {
    return new Plan(sizes, good, Set.of(places), value);
  }

  /** The same with one partition more, which holds nothing but a bad record. */
  Plan withBadAlone(Deed deed) {
    List<Integer> longer = new ArrayList<>(sizes);
    longer.add(1);
    return new Plan(longer, good, bad, badValue).withBad(deed, new Place(sizes.size(), 0));
  }

  int partitions() {
    return sizes.size();
  }

  boolean isBad(Place place) {
    return bad.contains(place);
  }

  byte[] value(Place place) {
    return isBad(place) ? badValue.clone() : good.toBytes();
  }

  /** All of it, the partitions in turn. */
  List<Place> places() {
    List<Place> places = new ArrayList<>();
    for (long offset = 0; offset < Collections.max(sizes); offset++) {
      for (int partition = 0; partition < partitions(); partition++) {
        if (offset < sizes.get(partition)) {
          places.add(new Place(partition, offset));
        }
      }
    }
    return places;
  }

  List<Place> goodPlaces() {
    return places().stream().filter(place -> !isBad(place)).toList();
  }
}
