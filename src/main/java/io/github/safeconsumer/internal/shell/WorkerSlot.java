package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.serde.Decoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one worker uses while it serves a partition: a decoder of its own, the lane it has, and a
 * window for others to see what it does.
 */
final class WorkerSlot<K, V> {
  final Decoder<K, V> decoder;

  /** The lane that this worker goes on with; the worker's own. */
  @Nullable Lane lane;

  /** Whether one of the attempts that may run at once is this worker's; the worker's own. */
  boolean permitted;

  /** Monotonic time, as the worker last read it; the worker's own. */
  long now;

  private volatile @Nullable Thread thread;
  private volatile List<Attempt> current = List.of();

  WorkerSlot(Decoder<K, V> decoder) {
    this.decoder = decoder;
  }

  void enter() {
    thread = Thread.currentThread();
    permitted = true;
  }

  void leave() {
    current = List.of();
    thread = null;
    lane = null;
  }

  /** The handler is about to be called with these; with none it has been left. */
  void running(List<Attempt> attempts) {
    current = attempts;
  }

  List<Attempt> current() {
    return current;
  }

  @Nullable Thread thread() {
    return thread;
  }
}
