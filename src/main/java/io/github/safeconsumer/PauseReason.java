package io.github.safeconsumer;

/**
 * Who wants records stopped. Paused means at least one reason is set; a reason is released only by
 * its owner.
 */
public enum PauseReason {
  /** pause() or suspend() was called; released by resume(). */
  USER,
  /** Too many dead letters in a row; released by resume(). */
  FLOOD,
  /**
   * The consumer's circuit breaker is open: a downstream is away. One probe at a time goes through;
   * released when one succeeds, or by closeBreaker().
   */
  BREAKER,
  /** The limit of the {@link SpendingPolicy} is reached; released by the library, with time. */
  SPENDING,
  /**
   * The partition was just taken over and its committed offset is being read; released by the
   * library.
   */
  ACQUIRE,
  /**
   * Enough records of the partition are buffered; fetching it waits, its buffered records go on.
   * Released by the library.
   */
  PARTITION_FULL
}
