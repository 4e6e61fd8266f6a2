package io.github.safeconsumer;

import java.time.Duration;

/**
 * An attempt ran past its deadline and did not end when it was interrupted, so it was abandoned.
 * Never thrown: it is what {@code classify} and {@link RetryPolicy#on} see of such an attempt. By
 * default the record becomes a dead letter ({@link DeadLetter.Reason#HUNG}); whoever says {@link
 * FailureAction#RETRY} for it accepts that the next attempt can overlap the one that hangs. A rule
 * by type says so only where it names this class: one for all RuntimeExceptions is not taken to
 * mean it.
 */
public final class HandlerTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration running;

  /**
   * @param message the library's own words: no data of the record
   * @param running for how long the attempt ran
   * @param stack where it stood when it was abandoned; empty for an asynchronous one
   */
  public HandlerTimeoutException(String message, Duration running, StackTraceElement[] stack) {
    super(message);
    this.running = running;
    setStackTrace(stack);
  }

  /** For how long the attempt had run when it was abandoned. */
  public Duration running() {
    return running;
  }
}
