package io.github.safeconsumer.internal.shell;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** How executors are ended. */
final class Pools {
  private Pools() {}

  /** Ends a pool; true when all its threads ended within the bound. */
  static boolean shutdown(ExecutorService pool, long nanos) {
    pool.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    try {
      ended = pool.awaitTermination(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }
}
