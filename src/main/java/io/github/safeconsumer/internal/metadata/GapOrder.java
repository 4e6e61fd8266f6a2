package io.github.safeconsumer.internal.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The gaps between ranges in the order in which they are closed: the smallest first. */
final class GapOrder {
  private static final Comparator<OffsetRange> GAPS =
      Comparator.comparingLong(OffsetRange::count)
          .thenComparing(Comparator.comparingLong(OffsetRange::from).reversed());

  private final List<OffsetRange> ranges;
  private final int[] places;

  GapOrder(List<OffsetRange> ranges) {
    this.ranges = ranges;
    List<OffsetRange> gaps = new ArrayList<>(ranges.size());
    for (int i = 1; i < ranges.size(); i++) {
      gaps.add(new OffsetRange(ranges.get(i - 1).to(), ranges.get(i).from()));
    }
    this.places = LossOrder.places(gaps, GAPS);
  }

  int size() {
    return places.length;
  }

  /** The ranges with the first so many gaps closed: all the offsets they had, and some more. */
  List<OffsetRange> closed(int count) {
    List<OffsetRange> closed = new ArrayList<>(ranges.size() - count);
    long from = ranges.get(0).from();
    for (int i = 0; i < places.length; i++) {
      if (places[i] >= count) {
        closed.add(new OffsetRange(from, ranges.get(i).to()));
        from = ranges.get(i + 1).from();
      }
    }
    closed.add(new OffsetRange(from, ranges.get(ranges.size() - 1).to()));
    return closed;
  }
}
