package io.github.safeconsumer.internal.core;

import java.util.List;

/**
 * What the admission knows at one moment.
 *
 * @param windowNanos what admitted work may fill
 * @param admitted records handed to lanes that can run, and not done
 * @param perSecond the rate limit; infinite for none
 */
public record LoadView(long windowNanos, int admitted, double perSecond, List<Topic> topics) {
  public LoadView {
    topics = List.copyOf(topics);
  }

  /**
   * One topic.
   *
   * @param samples records that the quantiles rest on; 0 while there are none
   * @param assumedNanos the latency that admission reckons with
   * @param perWorker records that one worker does one after the other within the window, at least 1
   */
  public record Topic(
      String topic,
      int admitted,
      long samples,
      long p50Nanos,
      long p95Nanos,
      long p99Nanos,
      long assumedNanos,
      int perWorker) {}
}
