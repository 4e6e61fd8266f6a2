package io.github.safeconsumer.internal.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The done ranges and retry entries of a note in the order in which they are given up. */
final class LossOrder {
  private static final Comparator<OffsetRange> RANGES =
      Comparator.comparingLong(OffsetRange::count)
          .thenComparing(Comparator.comparingLong(OffsetRange::from).reversed());

  private static final Comparator<RetryEntry> RETRIES =
      Comparator.comparing((RetryEntry entry) -> entry.fate().owesDeadLetter())
          .thenComparingInt(RetryEntry::attempts)
          .thenComparing(Comparator.comparingLong(RetryEntry::offset).reversed());

  private final Note note;
  private final int[] rangePlaces;
  private final int[] retryPlaces;

  LossOrder(Note note) {
    this.note = note;
    this.rangePlaces = places(note.done(), RANGES);
    this.retryPlaces = places(note.retries(), RETRIES);
  }

  int size() {
    return rangePlaces.length + retryPlaces.length;
  }

  /** The note without the first so many, and with that case. */
  Note without(int count, @Nullable CrashCase crashCase) {
    int retries = Math.max(0, count - rangePlaces.length);
    return note.with(
        crashCase,
        from(retries, note.retries(), retryPlaces),
        from(count, note.done(), rangePlaces));
  }

  private static <T> List<T> from(int place, List<T> all, int[] places) {
    List<T> kept = new ArrayList<>(Math.max(0, all.size() - place));
    for (int i = 0; i < places.length; i++) {
      if (places[i] >= place) {
        kept.add(all.get(i));
      }
    }
    return kept;
  }

  /** For each element its place in the order. */
  static <T> int[] places(List<T> all, Comparator<? super T> order) {
    int[] places = new int[all.size()];
    int[] place = {0};
    IntStream.range(0, all.size())
        .boxed()
        .sorted(Comparator.comparing(all::get, order))
        .forEach(index -> places[index] = place[0]++);
    return places;
  }
}
