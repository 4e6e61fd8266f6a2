package io.github.safeconsumer;

/** Where a {@link SafeConsumer} stands. CLOSED and FAILED are final. */
public enum State {
  /** Built, not started. No thread, no connection. */
  NEW,
  /** Started; has not joined its group yet. */
  STARTING,
  /** Member of the group, records flow. */
  RUNNING,
  /**
   * Member of the group, but no record starts: the caller paused it, or a guard did (see the pause
   * reasons in the status).
   */
  PAUSED,
  /** The Kafka client failed and is being replaced, with a back-off. */
  RESTARTING,
  /** close() was asked for; running attempts end, progress is committed. */
  CLOSING,
  /** Closed: no thread, no connection. Final. */
  CLOSED,
  /** Ended by a failure that does not heal; {@link Status#failure()} names it. Final. */
  FAILED;

  /** True for the two states that are never left. */
  public boolean isFinal() {
    return this == CLOSED || this == FAILED;
  }
}
