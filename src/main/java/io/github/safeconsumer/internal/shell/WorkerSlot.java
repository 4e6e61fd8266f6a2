package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.HandlerCall;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.serde.Decoder;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one worker uses while it serves a partition: a decoder of its own, the lane it has, and a
 * window for others to see what it does.
 */
class WorkerSlot<K, V> {
  final Decoder<K, V> decoder;

  /** The lane that this worker goes on with; the worker's own. */
  @Nullable Lane lane;

  /** The attempt that ended well in that lane; the worker's own. */
  @Nullable Attempt last;

  /** Whether one of the attempts that may run at once is this worker's; the worker's own. */
  boolean permitted;

  /**
   * Whether the call it just came back from was abandoned meanwhile: its lane and its permit went
   * to others, and this slot ends; the worker's own.
   */
  boolean lost;

  /** Monotonic time, as the worker last read it; the worker's own. */
  long now;

  private volatile @Nullable Thread thread;
  private final AtomicReference<@Nullable HandlerCall> current = new AtomicReference<>();

  WorkerSlot(Decoder<K, V> decoder) {
    this.decoder = decoder;
  }

  void enter() {
    thread = Thread.currentThread();
    permitted = true;
  }

  void leave() {
    current.set(null);
    thread = null;
    lane = null;
    last = null;
  }

  /**
   * The handler is about to be called; null when the call went on without this worker. Whoever
   * looks may see it a moment late: nothing is decided by that.
   */
  void running(@Nullable HandlerCall call) {
    current.setRelease(call);
  }

  /** The last call; it may have ended. */
  @Nullable HandlerCall current() {
    return current.get();
  }

  @Nullable Thread thread() {
    return thread;
  }
}
