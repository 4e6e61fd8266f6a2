package io.github.safeconsumer;

/** What happens to a record whose attempt failed. */
public enum FailureAction {
  /**
   * The record may be at fault or not: try again after the back-off, within the bounds of the
   * {@link RetryPolicy}.
   */
  RETRY,
  /**
   * A downstream is at fault, not the record: try again after the back-off, without charging the
   * attempt against the bounds. So many in a row open the circuit breaker (see {@link
   * CircuitBreakerPolicy}), and the record waits for that. An attempt that did not open it is
   * charged after all when another record, begun later, succeeds: then the downstream was up and
   * the record was at fault.
   */
  OUTAGE,
  /**
   * No further attempt can help: write the record to the dead-letter topic now (or hold it, where
   * there is none).
   */
  DEAD_LETTER,
  /** Drop the record: it counts as done. Reported as an event, never silent. */
  SKIP,
  /**
   * Stop the whole consumer with this failure. The record is not done and is redelivered at the
   * next start.
   */
  STOP
}
