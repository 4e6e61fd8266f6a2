package io.github.safeconsumer.internal.core;

/**
 * What of one partition is done, within one ownership. Records are registered in offset order as
 * they are polled and completed in any order. Offsets that no poll ever returned (compaction,
 * transaction markers) are gaps and hold nothing up.
 *
 * <p>A ring of the registered offsets from the watermark on, with a done flag each: registering and
 * completing are O(1) amortised, the memory is bounded by the records between the watermark and the
 * newest. Not thread-safe: its partition guards it.
 */
public final class Ledger {
  private long[] offsets = new long[64];
  private boolean[] done = new boolean[64];
  private int head;
  private int size;
  private int open;
  private long next;

  /** Starts at the first offset to be read. */
  public Ledger(long start) {
    if (start < 0) {
      throw new IllegalArgumentException("start=" + start + " must not be negative");
    }
    this.next = start;
  }

  /** The lowest offset the next polled record can have. */
  public long next() {
    return next;
  }

  /** The offset that may be committed: everything below it is done. Never falls. */
  public long watermark() {
    return size == 0 ? next : offsets[head];
  }

  /** Registered and not completed. */
  public int open() {
    return open;
  }

  /** Records between the watermark and the newest, done ones among them included. */
  public int span() {
    return size;
  }

  /**
   * Takes a polled record in.
   *
   * @throws IllegalArgumentException for an offset below {@link #next()}: the caller has to check
   */
  public void register(long offset) {
    if (offset < next) {
      throw new IllegalArgumentException("offset " + offset + " is below " + next);
    }
    if (size == offsets.length) {
      grow();
    }
    int slot = slot(size);
    offsets[slot] = offset;
    done[slot] = false;
    size++;
    open++;
    next = offset + 1;
  }

  /**
   * A record is done.
   *
   * @return false when it is unknown here or was done before: nothing changed
   */
  public boolean complete(long offset) {
    int index = indexOf(offset);
    if (index < 0 || done[slot(index)]) {
      return false;
    }
    done[slot(index)] = true;
    open--;
    while (size > 0 && done[head]) {
      head = slot(1);
      size--;
    }
    return true;
  }

  /**
   * Closes a gap at the end: with nothing open, everything below the client's position was returned
   * or does not exist (a trailing transaction marker, a compacted tail). Ignored while something is
   * open.
   */
  public void skipTo(long position) {
    if (open == 0 && position > next) {
      next = position;
    }
  }

  private int indexOf(long offset) {
    if (size == 0 || offset < offsets[head]) {
      return -1;
    }
    // Offsets are nearly always dense, so the distance from the head is the index; with gaps the
    // index is lower.
    long guess = offset - offsets[head];
    if (guess < size && offsets[slot((int) guess)] == offset) {
      return (int) guess;
    }
    int low = 0;
    int high = (int) Math.min(guess, size - 1L);
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = offsets[slot(middle)];
      if (found == offset) {
        return middle;
      }
      if (found < offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private int slot(int index) {
    return (head + index) & (offsets.length - 1);
  }

  private void grow() {
    int capacity = Math.multiplyExact(offsets.length, 2);
    long[] biggerOffsets = new long[capacity];
    boolean[] biggerDone = new boolean[capacity];
    for (int i = 0; i < size; i++) {
      biggerOffsets[i] = offsets[slot(i)];
      biggerDone[i] = done[slot(i)];
    }
    offsets = biggerOffsets;
    done = biggerDone;
    head = 0;
  }
}
