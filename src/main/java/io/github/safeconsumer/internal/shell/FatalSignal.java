package io.github.safeconsumer.internal.shell;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The first thing that ends the consumer as FAILED. Raised from any thread; the loop acts on it at
 * its next turn.
 */
final class FatalSignal {
  /**
   * @param reason the library's own words, never data of a record
   */
  record Fatal(String reason, @Nullable Throwable cause) {}

  private final AtomicReference<@Nullable Fatal> first = new AtomicReference<>();

  void raise(String reason, @Nullable Throwable cause) {
    first.compareAndSet(null, new Fatal(reason, cause));
  }

  @Nullable Fatal get() {
    return first.get();
  }
}
