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
   * @param ofUser whether the cause was thrown by the user's code
   */
  record Fatal(String reason, @Nullable Throwable cause, boolean ofUser) {}

  private final AtomicReference<@Nullable Fatal> first = new AtomicReference<>();

  void raise(String reason, @Nullable Throwable cause) {
    first.compareAndSet(null, new Fatal(reason, cause, false));
  }

  /** The same, for what the user's code threw: its message is never shown. */
  void raiseForUser(String reason, Throwable cause) {
    first.compareAndSet(null, new Fatal(reason, cause, true));
  }

  @Nullable Fatal get() {
    return first.get();
  }
}
