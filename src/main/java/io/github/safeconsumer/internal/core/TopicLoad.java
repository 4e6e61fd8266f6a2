package io.github.safeconsumer.internal.core;

/**
 * What is known of one topic: how long its records take in the handler, and how many of them are
 * admitted. Guarded by the {@link Admission}, but for {@link #assumedNanos}, which is read without.
 */
final class TopicLoad {
  final String topic;
  final LatencyWindow latency = new LatencyWindow();

  /** Records handed to lanes that can run, and not done. */
  int admitted;

  private volatile long assumedNanos;

  TopicLoad(String topic, long expectedNanos) {
    this.topic = topic;
    this.assumedNanos = expectedNanos;
  }

  void observed(long nanosEach, int records, long nowNanos) {
    latency.add(nanosEach, records, nowNanos);
  }

  void reckon() {
    assumedNanos = Math.max(1, latency.cautiousNanos());
  }

  /** What to reckon with for a record; over 0. */
  long assumedNanos() {
    return assumedNanos;
  }
}
