package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.internal.metadata.OffsetRange;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The obvious ledger: sets of offsets, never forgotten. */
final class LedgerModel {
  private final List<OffsetRange> inherited;
  private final NavigableSet<Long> open = new TreeSet<>();
  private final NavigableSet<Long> doneHere = new TreeSet<>();
  private long next;

  LedgerModel(long start, List<OffsetRange> inherited) {
    this.next = start;
    this.inherited = inherited;
  }

  long next() {
    return next;
  }

  int open() {
    return open.size();
  }

  long oldest() {
    return open.isEmpty() ? -1 : open.first();
  }

  /** A record was polled. True when it is to be handled. */
  boolean poll(long offset) {
    next = offset + 1;
    if (isInherited(offset)) {
      doneHere.add(offset);
      return false;
    }
    return open.add(offset);
  }

  void complete(long offset) {
    open.remove(offset);
    doneHere.add(offset);
  }

  void skipTo(long position) {
    if (open.isEmpty() && position > next) {
      next = position;
    }
  }

  /** The lowest offset that is open, or not polled and not known to be done. */
  long watermark() {
    if (!open.isEmpty()) {
      return open.first();
    }
    long watermark = next;
    for (OffsetRange range : inherited) {
      if (range.from() <= watermark && watermark < range.to()) {
        watermark = range.to();
      }
    }
    return watermark;
  }

  long doneAhead() {
    return open.isEmpty() ? 0 : doneHere.tailSet(open.first(), false).size();
  }

  /**
   * The ranges name every done record beyond the watermark, none that is open, and beyond what was
   * polled exactly what was inherited.
   */
  void check(List<OffsetRange> ranges) {
    long watermark = watermark();
    long before = watermark;
    for (OffsetRange range : ranges) {
      assertThat(range.from()).as("ascending, with gaps: %s", ranges).isGreaterThan(before);
      assertThat(open.subSet(range.from(), range.to())).as("open, and said to be done").isEmpty();
      before = range.to();
    }
    for (long done : doneHere.tailSet(watermark)) {
      assertThat(holds(ranges, done)).as("%d is done; %s", done, ranges).isTrue();
    }
    for (OffsetRange range : inherited) {
      for (long one = Math.max(Math.max(range.from(), next), watermark); one < range.to(); one++) {
        assertThat(holds(ranges, one)).as("%d was inherited; %s", one, ranges).isTrue();
      }
    }
    for (OffsetRange range : ranges) {
      for (long one = Math.max(range.from(), next); one < range.to(); one++) {
        assertThat(isInherited(one)).as("%d was not polled, nor inherited", one).isTrue();
      }
    }
  }

  private static boolean holds(List<OffsetRange> ranges, long offset) {
    return ranges.stream().anyMatch(range -> range.from() <= offset && offset < range.to());
  }

  private boolean isInherited(long offset) {
    return holds(inherited, offset);
  }
}
