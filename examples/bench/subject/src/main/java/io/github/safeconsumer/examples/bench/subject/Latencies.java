package io.github.safeconsumer.examples.bench.subject;

import org.HdrHistogram.Histogram;

/** How long something took, in microseconds; all 0 where nothing was measured. */
public record Latencies(long count, double p50, double p99, double p999, double max) {
  /** The percentiles of a histogram. */
  public static Latencies of(Histogram micros) {
    return new Latencies(
        micros.getTotalCount(),
        micros.getValueAtPercentile(50),
        micros.getValueAtPercentile(99),
        micros.getValueAtPercentile(99.9),
        micros.getTotalCount() == 0 ? 0 : micros.getMaxValue());
  }
}
