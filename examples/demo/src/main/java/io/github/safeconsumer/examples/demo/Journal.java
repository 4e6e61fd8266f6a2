package io.github.safeconsumer.examples.demo;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * What the handlers of one group did, offset by offset, written down by the handlers themselves: no
 * counter of any library is in it. Thread-safe.
 */
final class Journal {
  private final int orders;
  private final AtomicIntegerArray[] attempts;
  private final AtomicIntegerArray[] failures;
  private final AtomicIntegerArray[] completions;
  private final AtomicIntegerArray running;
  private final AtomicLongArray furthest;
  private final LongAdder handled = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final LongAdder outOfOrder = new LongAdder();

  /** A journal for as many partitions, each with as many orders. */
  Journal(int partitions, int orders) {
    this.orders = orders;
    attempts = counters(partitions, orders);
    failures = counters(partitions, orders);
    completions = counters(partitions, orders);
    running = new AtomicIntegerArray(partitions);
    furthest = new AtomicLongArray(partitions);
  }

  private static AtomicIntegerArray[] counters(int partitions, int orders) {
    return IntStream.range(0, partitions)
        .mapToObj(partition -> new AtomicIntegerArray(orders))
        .toArray(AtomicIntegerArray[]::new);
  }

  /** An attempt on the record begins. {@link #completed} or {@link #failed} must follow. */
  void began(int partition, long offset) {
    attempts[partition].incrementAndGet(index(offset));
    if (failures(partition, offset) > 0) {
      retried.increment();
    }
    boolean overlaps = running.incrementAndGet(partition) > 1;
    boolean goesBack = furthest.getAndAccumulate(partition, offset, Math::max) > offset;
    if (overlaps || goesBack) {
      outOfOrder.increment();
    }
  }

  /** The attempt did the work. */
  void completed(int partition, long offset) {
    running.decrementAndGet(partition);
    if (completions[partition].incrementAndGet(index(offset)) == 1) {
      handled.increment();
    } else {
      duplicates.increment();
    }
  }

  /** The attempt ended without. */
  void failed(int partition, long offset) {
    running.decrementAndGet(partition);
    failures[partition].incrementAndGet(index(offset));
  }

  private int index(long offset) {
    if (offset < 0 || offset >= orders) {
      throw new IllegalArgumentException("offset " + offset + " is none of the " + orders);
    }
    return (int) offset;
  }

  int attempts(int partition, long offset) {
    return attempts[partition].get(index(offset));
  }

  int failures(int partition, long offset) {
    return failures[partition].get(index(offset));
  }

  int completions(int partition, long offset) {
    return completions[partition].get(index(offset));
  }

  /** Orders completed at least once. */
  long handled() {
    return handled.sum();
  }

  /** Completions of orders that were complete already. */
  long duplicates() {
    return duplicates.sum();
  }

  /** Attempts on records that had failed before. */
  long retried() {
    return retried.sum();
  }

  /**
   * Attempts that began while another one ran on the same partition, or after one on a later offset
   * of it.
   */
  long outOfOrder() {
    return outOfOrder.sum();
  }
}
