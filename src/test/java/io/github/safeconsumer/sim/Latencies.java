package io.github.safeconsumer.sim;

import java.util.Arrays;

/** Durations, and their quantiles. */
final class Latencies {
  private long[] nanos = new long[16];
  private int count;

  void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = duration;
  }

  void addAll(Latencies other) {
    for (int i = 0; i < other.count; i++) {
      add(other.nanos[i]);
    }
  }

  int count() {
    return count;
  }

  /** In milliseconds; 0 where there are none. */
  double quantile(double share) {
    if (count == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1, Math.floor(share * count))] / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        java.util.Locale.ROOT,
        "n=%d p50=%.1f p99=%.1f max=%.1f ms",
        count,
        quantile(0.5),
        quantile(0.99),
        quantile(1));
  }
}
