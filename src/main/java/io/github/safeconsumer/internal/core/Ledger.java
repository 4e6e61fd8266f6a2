package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.internal.metadata.OffsetRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What of one partition is done, within one ownership. Records are registered in offset order as
 * they are polled and completed in any order. Offsets that no poll ever returned (compaction,
 * transaction markers) are gaps and hold nothing up.
 *
 * <p>Only what is open is kept, as a list by offset: what lies between two open records is done. So
 * registering and completing are O(1), and the memory is bounded by the open records, however far
 * the newest is ahead of the oldest. Not thread-safe: its partition guards it.
 */
public final class Ledger {
  private static final int NO_EPOCH = -1;

  /** Done by earlier owners and not polled yet, by offset. */
  private final ArrayDeque<OffsetRange> inherited;

  private @Nullable OpenRecord first;
  private @Nullable OpenRecord last;
  private int open;
  private long doneAhead;
  private int ranges;
  private long next;
  private int leaderEpoch = NO_EPOCH;

  /** Starts at the first offset to be read. */
  public Ledger(long start) {
    this(start, List.of());
  }

  /**
   * Starts at the first offset to be read.
   *
   * @param done what earlier owners did beyond it, by offset
   */
  public Ledger(long start, List<OffsetRange> done) {
    if (start < 0) {
      throw new IllegalArgumentException("start=" + start + " must not be negative");
    }
    this.next = start;
    this.inherited = new ArrayDeque<>(done);
    forgetInheritedBelow(start);
  }

  /** The lowest offset the next polled record can have. */
  public long next() {
    return next;
  }

  /** The offset that may be committed: everything below it is done. Never falls. */
  public long watermark() {
    OpenRecord oldest = first;
    if (oldest != null) {
      return oldest.offset();
    }
    OffsetRange done = inherited.peekFirst();
    return done != null && done.from() <= next ? done.to() : next;
  }

  /**
   * The leader epoch to commit beside the watermark, so that the next reader notices a log that was
   * cut back; -1 where it is not known.
   */
  public int leaderEpoch() {
    OpenRecord oldest = first;
    return oldest == null ? leaderEpoch : oldest.record.leaderEpoch().orElse(NO_EPOCH);
  }

  /** Registered and not completed. */
  public int open() {
    return open;
  }

  /** How many records beyond the watermark are done, of those that were polled here. */
  public long doneAhead() {
    return doneAhead;
  }

  /** How many ranges of done records lie between open ones. */
  int ranges() {
    return ranges;
  }

  /** The offset behind so many open records, or behind as many more as are not read yet. */
  long endOf(long records) {
    long left = records;
    OpenRecord one = first;
    while (one != null && left > 1) {
      one = one.later;
      left--;
    }
    long last = one == null ? Math.max(next, watermark()) - 1 : one.offset();
    long more = one == null ? left : 1;
    return last > Long.MAX_VALUE - more ? Long.MAX_VALUE : last + more;
  }

  /** The oldest open record, or null. */
  @Nullable OpenRecord oldest() {
    return first;
  }

  /**
   * Takes a polled record in.
   *
   * @return the open record, or null where an earlier owner has done it
   * @throws IllegalArgumentException for an offset below {@link #next()}: the caller has to check
   */
  public @Nullable OpenRecord register(ConsumerRecord<byte[], byte[]> record) {
    long offset = record.offset();
    if (offset < next) {
      throw new IllegalArgumentException("offset " + offset + " is below " + next);
    }
    boolean done = isInherited(offset);
    next = offset + 1;
    if (!inherited.isEmpty()) {
      forgetInheritedBelow(next);
    }
    leaderEpoch = record.leaderEpoch().orElse(NO_EPOCH);
    OpenRecord before = last;
    if (done) {
      if (before != null) {
        ranges += before.doneAfter == 0 ? 1 : 0;
        before.doneAfter++;
        doneAhead++;
      }
      return null;
    }
    OpenRecord added = new OpenRecord(record);
    added.earlier = before;
    if (before == null) {
      first = added;
    } else {
      before.later = added;
    }
    last = added;
    open++;
    return added;
  }

  /** A record is done. To be called once for each. */
  public void complete(OpenRecord record) {
    OpenRecord before = record.earlier;
    OpenRecord after = record.later;
    if (after == null) {
      last = before;
    } else {
      after.earlier = before;
    }
    ranges -= record.doneAfter == 0 ? 0 : 1;
    if (before == null) {
      first = after;
      doneAhead -= record.doneAfter;
    } else {
      ranges += before.doneAfter == 0 ? 1 : 0;
      before.later = after;
      before.doneAfter += record.doneAfter + 1;
      doneAhead++;
    }
    open--;
  }

  /**
   * Closes a gap at the end: with nothing open, everything below the client's position was returned
   * or does not exist (a trailing transaction marker, a compacted tail). Ignored while something is
   * open.
   */
  public void skipTo(long position) {
    if (open == 0 && position > next) {
      next = position;
      forgetInheritedBelow(next);
    }
  }

  /** What is done beyond the watermark, by offset: disjoint, with something open in between. */
  public List<OffsetRange> doneRanges() {
    List<OffsetRange> ranges = new ArrayList<>();
    for (OpenRecord one = first; one != null; one = one.later) {
      OpenRecord after = one.later;
      long to = after == null ? next : after.offset();
      if (one.doneAfter > 0) {
        ranges.add(new OffsetRange(one.offset() + 1, to));
      }
    }
    long watermark = watermark();
    for (OffsetRange range : inherited) {
      if (range.from() > watermark) {
        append(ranges, range);
      }
    }
    return ranges;
  }

  private static void append(List<OffsetRange> ranges, OffsetRange range) {
    int end = ranges.size() - 1;
    if (end >= 0 && ranges.get(end).to() == range.from()) {
      ranges.set(end, new OffsetRange(ranges.get(end).from(), range.to()));
    } else {
      ranges.add(range);
    }
  }

  private boolean isInherited(long offset) {
    if (inherited.isEmpty()) {
      return false;
    }
    forgetInheritedBelow(offset);
    OffsetRange range = inherited.peekFirst();
    return range != null && range.from() <= offset;
  }

  private void forgetInheritedBelow(long offset) {
    OffsetRange range = inherited.peekFirst();
    while (range != null && range.to() <= offset) {
      inherited.removeFirst();
      range = inherited.peekFirst();
    }
    if (range != null && range.from() < offset) {
      inherited.removeFirst();
      inherited.addFirst(new OffsetRange(offset, range.to()));
    }
  }
}
