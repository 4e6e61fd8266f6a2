package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.DeadLetter;

/** What becomes of a record whose attempt failed. */
public sealed interface Decision {
  /** Try again after the delay. */
  record Retry(long delayNanos, boolean charged) implements Decision {}

  /**
   * Wait for the breaker of this scope, and for so long at least.
   *
   * @param charged whether it counts all the same: nothing but this record speaks for an outage
   */
  record Hold(Scope scope, long delayNanos, boolean charged) implements Decision {}

  /** To the dead-letter topic. */
  record Bury(DeadLetter.Reason reason) implements Decision {}

  /** Drop it, as a policy says. */
  record Skip() implements Decision {}

  /** Stop the consumer; the record is redelivered at the next start. */
  record Stop() implements Decision {}
}
