package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;

import java.time.Duration;

/**
 * The heartbeat interval of the classic protocol. A member hears of a rebalance with its next
 * heartbeat, while the broker's clock runs already: where it was left open it becomes a small share
 * of the poll interval.
 */
final class Heartbeat {
  private static final long DEFAULT_MILLIS = 3_000;

  private Heartbeat() {}

  /**
   * As given, or else the smallest of 3 s, a tenth of the poll interval, a third of the session.
   */
  static Duration of(KafkaProperties kafka) {
    if (kafka.usable(HEARTBEAT_INTERVAL_MS_CONFIG)) {
      return kafka.millis(HEARTBEAT_INTERVAL_MS_CONFIG);
    }
    return Duration.ofMillis(
        Math.max(
            1, Math.min(longestChosen(kafka), millis(kafka, MAX_POLL_INTERVAL_MS_CONFIG, 10))));
  }

  /** The most that it can be with any poll interval. */
  static Duration longest(KafkaProperties kafka) {
    return kafka.usable(HEARTBEAT_INTERVAL_MS_CONFIG)
        ? kafka.millis(HEARTBEAT_INTERVAL_MS_CONFIG)
        : Duration.ofMillis(Math.max(1, longestChosen(kafka)));
  }

  private static long longestChosen(KafkaProperties kafka) {
    return Math.min(DEFAULT_MILLIS, millis(kafka, SESSION_TIMEOUT_MS_CONFIG, 3));
  }

  private static long millis(KafkaProperties kafka, String key, int share) {
    return kafka.millis(key).toMillis() / share;
  }
}
