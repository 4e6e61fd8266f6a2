package io.github.safeconsumer.internal.shell;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * How many attempts may run at once. Held by a worker while it serves, or by an asynchronous
 * attempt until it ends. Thread-safe.
 */
final class Permits {
  private final int concurrency;
  private final IntSupplier outlived;
  private final AtomicInteger inUse = new AtomicInteger();

  /**
   * @param outlived attempts that outlived an earlier run of the loop and are still in their
   *     handler: they count, so that the handler is never entered more often than allowed
   */
  Permits(int concurrency, IntSupplier outlived) {
    this.concurrency = concurrency;
    this.outlived = outlived;
  }

  boolean tryAcquire() {
    int limit = concurrency - outlived.getAsInt();
    for (int used = inUse.get(); used < limit; used = inUse.get()) {
      if (inUse.compareAndSet(used, used + 1)) {
        return true;
      }
    }
    return false;
  }

  void release() {
    inUse.decrementAndGet();
  }

  /** How many are free now. */
  int free() {
    return Math.max(0, concurrency - outlived.getAsInt() - inUse.get());
  }
}
