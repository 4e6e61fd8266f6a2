package io.github.safeconsumer.internal.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Delays between Kafka clients that fail: 1 s doubling to 30 s, from the start again after a minute
 * without a failure. Pure.
 */
public final class RestartBackoff {
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CAP_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long HEALTHY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private long next = FIRST_NANOS;
  private long aliveSince;

  /** A client was created. */
  public void created(long now) {
    aliveSince = now;
  }

  /** It failed: how long to wait before the next one. */
  public Duration failed(long now, boolean wasAlive) {
    if (wasAlive && now - aliveSince >= HEALTHY_NANOS) {
      next = FIRST_NANOS;
    }
    long delay = next;
    next = Math.min(CAP_NANOS, next * 2);
    return Duration.ofNanos(delay);
  }
}
