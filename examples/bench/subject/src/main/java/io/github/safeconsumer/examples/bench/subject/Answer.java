package io.github.safeconsumer.examples.bench.subject;

import java.util.List;

/**
 * What the child says: one line of JSON.
 *
 * @param what what has happened
 * @param result with {@link What#HANDLED}, else null
 * @param closing with {@link What#CLOSED}, else null
 * @param error with {@link What#FAILED}, else null
 */
public record Answer(What what, RunResult result, Closing closing, String error) {
  /** What has happened. */
  public enum What {
    /** The JVM is up and waits for a run. */
    READY,
    /** The records that come before the measured ones are handled. */
    PRIMED,
    /** All records are handled; the subject still runs. */
    HANDLED,
    /** The subject has ended, as it was told to. */
    CLOSED,
    /** The run has failed; the subject has ended. */
    FAILED
  }

  /**
   * What is known only at the end.
   *
   * @param commits commits that the clients sent since the first record
   * @param nanos since the first record
   * @param handledAt where the run takes latencies, of each measured record its partition, its
   *     offset, and the microseconds since the epoch when it was handled
   */
  public record Closing(long commits, long nanos, List<long[]> handledAt) {}

  static Answer ready() {
    return new Answer(What.READY, null, null, null);
  }

  static Answer primed() {
    return new Answer(What.PRIMED, null, null, null);
  }

  static Answer handled(RunResult result) {
    return new Answer(What.HANDLED, result, null, null);
  }

  static Answer closed(Closing closing) {
    return new Answer(What.CLOSED, null, closing, null);
  }

  static Answer failed(String error) {
    return new Answer(What.FAILED, null, null, error);
  }
}
