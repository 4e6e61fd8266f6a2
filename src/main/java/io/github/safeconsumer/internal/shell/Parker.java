package io.github.safeconsumer.internal.shell;

/**
 * Where the loop rests when it has nothing to do. A wake-up given before the rest ends the rest at
 * once, so none can be lost.
 */
public interface Parker {
  /** Called by the loop thread before its first turn. */
  void own();

  /** Rests until woken, interrupted, or the time is over. */
  void park(long nanos);

  /** Ends the rest, or the next one. From any thread. */
  void wake();
}
