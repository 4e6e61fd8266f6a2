package io.github.safeconsumer.internal.shell;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where the loop rests when it has nothing to do. A wake-up given before the rest ends the rest at
 * once, so none can be lost.
 */
final class Parker {
  private volatile @Nullable Thread owner;

  /** Called by the loop thread before its first turn. */
  void own() {
    owner = Thread.currentThread();
  }

  void park(long nanos) {
    if (nanos > 0) {
      LockSupport.parkNanos(this, nanos);
    }
  }

  void wake() {
    LockSupport.unpark(owner);
  }
}
