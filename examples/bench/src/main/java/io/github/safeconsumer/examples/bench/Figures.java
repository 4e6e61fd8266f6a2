package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.examples.bench.subject.Answer;
import io.github.safeconsumer.examples.bench.subject.Latencies;
import io.github.safeconsumer.examples.bench.subject.RunResult;
import java.util.EnumMap;
import java.util.Map;

/** What one run came to. A metric that was not measured is missing. */
record Figures(Map<Metric, Double> values) {
  /**
   * @param lastCommitMillis from the last record handled to all committed; NaN for a subject that
   *     commits no offsets
   */
  static Figures of(
      Variant variant,
      RunResult result,
      Answer.Closing closing,
      Latencies committed,
      double lastCommitMillis) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    double seconds = result.nanos() / 1e9;
    if (!variant.isLive()) {
      double rate = variant.topic().records() / seconds;
      values.put(Metric.RECORDS_PER_SECOND, rate);
      putKnown(values, Metric.OF_LIMIT, rate / variant.limitPerSecond());
    }
    values.put(Metric.CPU_SECONDS_PER_MILLION, result.cpuNanos() / 1e3 / variant.topic().records());
    values.put(
        Metric.BYTES_PER_RECORD, (double) result.allocatedBytes() / variant.topic().records());
    values.put(Metric.PEAK_HEAP_MB, megabytes(result.peakHeapBytes()));
    if (result.peakLiveBytes() > 0) {
      values.put(Metric.PEAK_LIVE_MB, megabytes(result.peakLiveBytes()));
    }
    if (!Double.isNaN(lastCommitMillis)) {
      values.put(Metric.COMMITS_PER_SECOND, closing.commits() / (closing.nanos() / 1e9));
      values.put(Metric.LAST_COMMIT_MS, lastCommitMillis);
    }
    put(
        values,
        result.handled(),
        Metric.HANDLED_P50_MS,
        Metric.HANDLED_P99_MS,
        Metric.HANDLED_P999_MS);
    put(
        values,
        committed,
        Metric.COMMITTED_P50_MS,
        Metric.COMMITTED_P99_MS,
        Metric.COMMITTED_P999_MS);
    return new Figures(values);
  }

  /** NaN where it was not measured. */
  double value(Metric metric) {
    return values.getOrDefault(metric, Double.NaN);
  }

  private static double megabytes(long bytes) {
    return bytes / 1024.0 / 1024;
  }

  private static void putKnown(Map<Metric, Double> values, Metric metric, double value) {
    if (!Double.isNaN(value)) {
      values.put(metric, value);
    }
  }

  private static void put(
      Map<Metric, Double> values, Latencies micros, Metric p50, Metric p99, Metric p999) {
    if (micros.count() > 0) {
      values.put(p50, micros.p50() / 1e3);
      values.put(p99, micros.p99() / 1e3);
      values.put(p999, micros.p999() / 1e3);
    }
  }
}
