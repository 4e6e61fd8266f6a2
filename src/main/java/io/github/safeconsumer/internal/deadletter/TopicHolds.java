package io.github.safeconsumer.internal.deadletter;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Topics that are not to be tried for a while. A send to a topic that is not there blocks the
 * sink's one thread; without this, a hundred lanes with a letter for it would keep the thread from
 * every other topic. So after one such send the topic's other letters wait as long as that letter
 * does. For the sink's thread only.
 */
final class TopicHolds {
  private final LongSupplier nanoTime;
  private final Map<String, Long> until = new HashMap<>();

  TopicHolds(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void hold(String topic, Duration time) {
    long now = nanoTime.getAsLong();
    until.values().removeIf(end -> end - now <= 0);
    until.put(topic, now + time.toNanos());
  }

  /** How long the topic is still held; zero when it is not. */
  Duration remaining(String topic) {
    Long end = until.get(topic);
    long left = end == null ? 0 : end - nanoTime.getAsLong();
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }
}
