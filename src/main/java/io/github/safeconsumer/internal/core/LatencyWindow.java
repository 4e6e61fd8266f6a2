package io.github.safeconsumer.internal.core;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * How long the handler takes for a record of one topic, as observed lately. Not thread-safe: the
 * {@link Admission} guards it.
 *
 * <p>Two figures, and the larger one counts. One is the 95th percentile of about the last ten
 * seconds: kept in slices of two seconds, the oldest of which is dropped when a new one begins, so
 * an old regime is forgotten, and of a topic with a record now and then the last few remain. The
 * other rises at once with what was observed last and sinks slowly: when a handler that took 1 ms
 * takes 100 ms from now on, the first slow record says so, while the percentile still speaks of the
 * thousands before.
 */
final class LatencyWindow {
  private static final double CAUTIOUS = 0.95;
  private static final int SLICES = 5;
  private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** The share of its distance to what is observed that the recent figure sinks with a record. */
  private static final double SINKS = 1.0 / 16;

  private final ArrayDeque<LatencyCounts> slices = new ArrayDeque<>(SLICES);
  private final LatencyCounts all = new LatencyCounts();
  private long sliceBegun;
  private double recentNanos;

  /** These records, one after the other, took so long each. */
  void add(long nanosEach, int records, long nowNanos) {
    LatencyCounts slice = slices.peekLast();
    if (slice == null || nowNanos - sliceBegun >= SLICE_NANOS) {
      slice = nextSlice();
      sliceBegun = nowNanos;
    }
    slice.add(nanosEach, records);
    all.add(nanosEach, records);
    recentNanos =
        nanosEach >= recentNanos
            ? nanosEach
            : nanosEach + (recentNanos - nanosEach) * Math.pow(1 - SINKS, records);
  }

  private LatencyCounts nextSlice() {
    LatencyCounts slice;
    if (slices.size() < SLICES) {
      slice = new LatencyCounts();
    } else {
      slice = slices.removeFirst();
      all.removeAll(slice);
      slice.clear();
    }
    slices.addLast(slice);
    return slice;
  }

  /** How many records it rests on. */
  long samples() {
    return all.total();
  }

  long quantile(double share) {
    return all.quantile(share);
  }

  /** What to reckon with: nanoseconds, 0 while nothing was observed. */
  long cautiousNanos() {
    return Math.max(all.quantile(CAUTIOUS), (long) recentNanos);
  }
}
