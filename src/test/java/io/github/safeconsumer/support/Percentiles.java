package io.github.safeconsumer.support;

import java.util.Collection;
import java.util.Locale;

/** How long things took, for a reader of the test's output. */
public final class Percentiles {
  private final long[] nanos;

  public Percentiles(Collection<Long> nanos) {
    this.nanos = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  public int count() {
    return nanos.length;
  }

  /**
   * The smallest time that so many percent of all do not exceed.
   *
   * @param percent from 0 to 100
   */
  public double millis(double percent) {
    int index = (int) Math.ceil(percent / 100 * nanos.length) - 1;
    return nanos[Math.max(0, index)] / 1e6;
  }

  @Override
  public String toString() {
    return nanos.length == 0
        ? "none"
        : String.format(
            Locale.ROOT,
            "%d, p50 %.2f ms, p99 %.2f ms, most %.2f ms",
            nanos.length,
            millis(50),
            millis(99),
            millis(100));
  }
}
