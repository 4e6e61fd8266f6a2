package io.github.safeconsumer.internal.deadletter;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Topics that are not to be tried for a while. A send to a topic that is not there blocks the
 * sink's one thread; without this, a hundred lanes with a letter for it would keep the thread from
 * every other topic. So the back-off is the topic's, shared by its letters: after each delay one of
 * them tries. For the sink's thread only.
 */
final class TopicHolds {
  /** A topic that nobody has asked for in so long is forgotten. */
  private static final long FORGET_NANOS = Duration.ofMinutes(10).toNanos();

  private final LongSupplier nanoTime;
  private final Map<String, Hold> holds = new HashMap<>();

  TopicHolds(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  private record Hold(int failures, long untilNanos) {}

  /** A send to it blocked in vain. Holds it; returns for how long. */
  Duration blocked(String topic, double random) {
    long now = nanoTime.getAsLong();
    holds.values().removeIf(hold -> now - hold.untilNanos() > FORGET_NANOS);
    @Nullable Hold before = holds.get(topic);
    int failures = before == null ? 1 : before.failures() + 1;
    Duration delay = SendBackoff.delay(failures, random);
    holds.put(topic, new Hold(failures, now + delay.toNanos()));
    return delay;
  }

  /** A send to it did not block: it is there. */
  void passed(String topic) {
    holds.remove(topic);
  }

  /** How long the topic is still held; zero when it is not. */
  Duration remaining(String topic) {
    Hold hold = holds.get(topic);
    long left = hold == null ? 0 : hold.untilNanos() - nanoTime.getAsLong();
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }
}
