package io.github.safeconsumer.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What handlers of tests do instead of work. */
public final class Work {
  private Work() {}

  /** Keeps the handler busy for so long, whatever interrupts it. */
  public static void lasting(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      Thread.interrupted();
    }
  }
}
