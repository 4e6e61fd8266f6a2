package io.github.safeconsumer.internal.metadata;

import java.util.ArrayList;
import java.util.List;

/** Sets of offsets, as lists of ranges that ascend with gaps between them. Pure. */
public final class Offsets {
  private Offsets() {}

  /** What is in the first and not in the second. */
  public static List<OffsetRange> without(List<OffsetRange> from, List<OffsetRange> minus) {
    List<OffsetRange> left = new ArrayList<>(from.size());
    int next = 0;
    for (OffsetRange range : from) {
      long at = range.from();
      while (next < minus.size() && minus.get(next).to() <= at) {
        next++;
      }
      for (int i = next; i < minus.size() && minus.get(i).from() < range.to(); i++) {
        if (minus.get(i).from() > at) {
          left.add(new OffsetRange(at, minus.get(i).from()));
        }
        at = Math.max(at, minus.get(i).to());
      }
      if (at < range.to()) {
        left.add(new OffsetRange(at, range.to()));
      }
    }
    return left;
  }

  /** What is in both. */
  public static List<OffsetRange> common(List<OffsetRange> one, List<OffsetRange> other) {
    return without(one, without(one, other));
  }

  /** What is at or past an offset. */
  public static List<OffsetRange> from(List<OffsetRange> all, long offset) {
    return offset <= 0 ? all : without(all, List.of(new OffsetRange(0, offset)));
  }

  /** Whether the offset is in one of them. */
  public static boolean contains(List<OffsetRange> all, long offset) {
    for (OffsetRange range : all) {
      if (range.from() <= offset && offset < range.to()) {
        return true;
      }
    }
    return false;
  }

  /** How many offsets they hold. */
  public static long count(List<OffsetRange> all) {
    long count = 0;
    for (OffsetRange range : all) {
      count += range.count();
    }
    return count;
  }
}
