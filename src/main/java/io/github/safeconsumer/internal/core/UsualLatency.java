package io.github.safeconsumer.internal.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long records of each topic usually take: the median of the medians of the last hour, the last
 * two minutes left out, so that what is slow now does not count as usual. Thread-safe.
 */
public final class UsualLatency {
  private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MOST = 60;
  private static final int LEFT_OUT = 2;
  private static final int ENOUGH = 3;
  private static final long ENOUGH_SAMPLES = 20;

  private final Map<String, Deque<Long>> medians = new HashMap<>();
  private long lookedAt;
  private boolean looked;

  /** Looks at what is observed now, once a minute; call it more often. */
  public synchronized void look(LoadView load, long nowNanos) {
    if (looked && nowNanos - lookedAt < EVERY_NANOS) {
      return;
    }
    looked = true;
    lookedAt = nowNanos;
    for (LoadView.Topic topic : load.topics()) {
      if (topic.samples() >= ENOUGH_SAMPLES) {
        Deque<Long> known = medians.computeIfAbsent(topic.topic(), added -> new ArrayDeque<>());
        known.addLast(topic.p50Nanos());
        if (known.size() > MOST) {
          known.removeFirst();
        }
      }
    }
  }

  /** By topic, where it was observed for a few minutes. */
  public synchronized Map<String, Duration> byTopic() {
    Map<String, Duration> usual = new HashMap<>();
    medians.forEach(
        (topic, known) -> {
          int counted = known.size() - LEFT_OUT;
          if (counted >= ENOUGH) {
            long[] sorted =
                known.stream().limit(counted).mapToLong(Long::longValue).sorted().toArray();
            usual.put(topic, Duration.ofNanos(sorted[sorted.length / 2]));
          }
        });
    return usual;
  }
}
