package io.github.safeconsumer.budget;

import java.time.Duration;

/** How much of the workers' time was used. */
final class Usage {
  private Usage() {}

  /**
   * Throughput against workers / mean latency. A record that was under way at the begin or the end
   * counts by the part of it that lies inside; what a handler took beyond what it was told counts
   * against the consumer.
   */
  static double between(Handled handled, long from, long to) {
    double done = 0;
    for (Handled.Attempt attempt : handled.attempts()) {
      done += attempt.shareWithin(from, to) * attempt.askedNanos();
    }
    return done / Latency.WORKERS / (to - from);
  }

  /** How long after this moment the last handler returned that had begun before it. */
  static Duration longestAfter(Handled handled, long moment) {
    long last = moment;
    for (Handled.Attempt attempt : handled.attempts()) {
      last = Math.max(last, attempt.ended());
    }
    return Duration.ofNanos(last - moment);
  }
}
