package io.github.safeconsumer.internal.shell;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that stand until a test moves them; the monotonic one is about to overflow. */
final class ManualTime implements Time {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(1).toNanos());
  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public long millis() {
    return millis.get();
  }

  void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
    millis.addAndGet(by.toMillis());
  }
}
