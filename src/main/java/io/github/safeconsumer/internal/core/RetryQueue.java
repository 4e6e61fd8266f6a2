package io.github.safeconsumer.internal.core;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Lanes that wait for a retry, by the time they are due. Thread-safe: workers add, the loop takes.
 */
public final class RetryQueue {
  private record Entry(Lane lane, long dueNanos) {}

  private static final Comparator<Entry> SOONEST_FIRST =
      (a, b) -> Long.signum(a.dueNanos() - b.dueNanos());

  private final PriorityQueue<Entry> entries = new PriorityQueue<>(SOONEST_FIRST);

  public synchronized void add(Lane lane, long dueNanos) {
    entries.add(new Entry(lane, dueNanos));
  }

  /** Takes a lane out, whenever it is due. */
  public synchronized void remove(Lane lane) {
    entries.removeIf(entry -> entry.lane() == lane);
  }

  /** A lane that is due, or null. */
  public synchronized @Nullable Lane takeDue(long nowNanos) {
    Entry first = entries.peek();
    if (first == null || first.dueNanos() - nowNanos > 0) {
      return null;
    }
    entries.remove();
    return first.lane();
  }

  /** Nanoseconds until the next one is due, at most the limit; 0 when one is due now. */
  public synchronized long nanosToNext(long nowNanos, long limit) {
    Entry first = entries.peek();
    return first == null ? limit : Math.max(0, Math.min(limit, first.dueNanos() - nowNanos));
  }

  /** Forgets lanes whose ownership ended. */
  public synchronized void forgetEnded() {
    entries.removeIf(entry -> entry.lane().partition().isEnded());
  }
}
