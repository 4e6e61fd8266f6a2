package io.github.safeconsumer.examples.bench;

import java.util.Locale;

/** What is measured in a run. */
enum Metric {
  RECORDS_PER_SECOND("records/s", "records handled in a second"),
  OF_LIMIT("of limit", "records/s, as a share of concurrency / latency"),
  CPU_SECONDS_PER_MILLION("CPU s/M", "CPU seconds of the process for a million records"),
  BYTES_PER_RECORD("B/record", "bytes allocated for each record"),
  PEAK_HEAP_MB("heap MB", "highest use of the heap, garbage included"),
  PEAK_LIVE_MB("live MB", "highest use of the heap just after a collection"),
  COMMITS_PER_SECOND("commits/s", "commits sent in a second"),
  LAST_COMMIT_MS("last commit ms", "from the last record handled to all committed"),
  HANDLED_P50_MS("p50 ms", "from produced to handled, median"),
  HANDLED_P99_MS("p99 ms", "from produced to handled, 99 %"),
  HANDLED_P999_MS("p99.9 ms", "from produced to handled, 99.9 %"),
  COMMITTED_P50_MS("committed p50 ms", "from handled to committed, median"),
  COMMITTED_P99_MS("committed p99 ms", "from handled to committed, 99 %"),
  COMMITTED_P999_MS("committed p99.9 ms", "from handled to committed, 99.9 %");

  private final String label;
  private final String meaning;

  Metric(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  String label() {
    return label;
  }

  String meaning() {
    return meaning;
  }

  /** With three digits that say something, and no more than the number has before its point. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    double size = Math.abs(value);
    int decimals = size >= 100 || value == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** A ratio, to the hundredth. */
  static String ratio(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
