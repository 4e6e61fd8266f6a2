package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.serde.Decoder;
import org.jspecify.annotations.Nullable;

/**
 * What one worker uses while it drains a lane: a decoder of its own, and a window for others to see
 * what it does.
 */
final class WorkerSlot<K, V> {
  final Decoder<K, V> decoder;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Attempt current;

  WorkerSlot(Decoder<K, V> decoder) {
    this.decoder = decoder;
  }

  void enter() {
    thread = Thread.currentThread();
  }

  void leave() {
    current = null;
    thread = null;
  }

  void running(@Nullable Attempt attempt) {
    current = attempt;
  }

  @Nullable Attempt current() {
    return current;
  }

  @Nullable Thread thread() {
    return thread;
  }
}
