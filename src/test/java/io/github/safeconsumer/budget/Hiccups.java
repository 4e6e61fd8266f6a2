package io.github.safeconsumer.budget;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How long a thread that wants to run every millisecond has to wait for it on this machine. */
final class Hiccups implements AutoCloseable {
  /** Not every thread is as lucky as the one that measures. */
  private static final int CAUTION = 3;

  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final AtomicLong longest = new AtomicLong();
  private final Thread thread = new Thread(this::run, "hiccups");
  private volatile boolean closed;

  Hiccups() {
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    long before = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(STEP_NANOS);
      long now = System.nanoTime();
      longest.accumulateAndGet(now - before, Math::max);
      before = now;
    }
  }

  /** The longest wait so far, with a surcharge. */
  Duration longest() {
    return Duration.ofNanos(longest.get() * CAUTION);
  }

  @Override
  public void close() {
    closed = true;
  }
}
