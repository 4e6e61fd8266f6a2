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
  /**
   * suspend() was asked for: no client, no thread, not a member of the group. A suspended consumer
   * does not keep its JVM alive. Left by resume() or close().
   */
  SUSPENDED,
  /**
   * A new Kafka client is on its way: the last one failed and a back-off runs, or resume() ended a
   * suspend.
   */
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
