package io.github.safeconsumer.internal.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Neighbouring offsets of one partition.
 *
 * @param from the first of them
 * @param to the first one behind them
 */
public record OffsetRange(long from, long to) {
  /** Checks that it is not empty. */
  public OffsetRange {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("no range of offsets: from " + from + " to " + to);
    }
  }

  /** How many offsets it holds. */
  public long count() {
    return to - from;
  }

  /** The same offsets, ascending and in as few ranges as possible: what {@link Note} asks for. */
  public static List<OffsetRange> joined(List<OffsetRange> ranges) {
    List<OffsetRange> joined = new ArrayList<>(ranges.size());
    ranges.stream()
        .sorted(Comparator.comparingLong(OffsetRange::from))
        .forEach(
            range -> {
              int last = joined.size() - 1;
              if (last < 0 || joined.get(last).to < range.from) {
                joined.add(range);
              } else {
                OffsetRange before = joined.get(last);
                joined.set(last, new OffsetRange(before.from, Math.max(before.to, range.to)));
              }
            });
    return joined;
  }

  /** Throws unless the ranges ascend with at least one other offset between any two. */
  static void checkAscending(String name, List<OffsetRange> ranges, int atMost) {
    Checks.atMost(name, ranges.size(), atMost);
    for (int i = 1; i < ranges.size(); i++) {
      OffsetRange before = ranges.get(i - 1);
      OffsetRange range = ranges.get(i);
      if (range.from <= before.to) {
        throw new IllegalArgumentException(
            name + " must ascend with gaps: " + range.from + " follows on " + before.to);
      }
    }
  }
}
