package io.github.safeconsumer.internal.core;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Counts of durations, in buckets whose bounds are at most 1/16 apart; a microsecond is the
 * smallest that is told apart, 13 days the longest. Not thread-safe.
 */
final class LatencyCounts {
  private static final int UNIT_BITS = 10;
  private static final int STEP_BITS = 4;
  private static final int STEPS = 1 << STEP_BITS;
  private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(13);
  private static final int BUCKETS = bucket(LONGEST_NANOS) + 1;

  private final int[] counts = new int[BUCKETS];
  private long total;

  /** Linear up to twice {@link #STEPS} units, then as many steps for each power of two. */
  private static int bucket(long nanos) {
    long units = Math.max(0, Math.min(nanos, LONGEST_NANOS)) >> UNIT_BITS;
    int shift = Math.max(0, Long.SIZE - 1 - Long.numberOfLeadingZeros(units | 1) - STEP_BITS);
    return shift * STEPS + (int) (units >> shift);
  }

  /** The shortest duration that is too long for the bucket. */
  private static long end(int bucket) {
    int shift = Math.max(0, bucket / STEPS - 1);
    return (long) (bucket - shift * STEPS + 1) << shift << UNIT_BITS;
  }

  void add(long nanos, int times) {
    counts[bucket(nanos)] += times;
    total += times;
  }

  void addAll(LatencyCounts others) {
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] += others.counts[i];
    }
    total += others.total;
  }

  void removeAll(LatencyCounts others) {
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] -= others.counts[i];
    }
    total -= others.total;
  }

  void clear() {
    Arrays.fill(counts, 0);
    total = 0;
  }

  long total() {
    return total;
  }

  /**
   * A duration that this share of them does not exceed: the end of its bucket, so up to 1/16 more
   * than what was observed.
   *
   * @param share over 0, at most 1
   * @return nanoseconds; 0 while there are none
   */
  long quantile(double share) {
    long below = (long) Math.ceil(total * share);
    long seen = 0;
    for (int i = 0; i < BUCKETS && total > 0; i++) {
      seen += counts[i];
      if (seen >= below) {
        return end(i);
      }
    }
    return 0;
  }
}
