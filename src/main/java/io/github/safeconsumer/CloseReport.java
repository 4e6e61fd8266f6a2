package io.github.safeconsumer;

import java.util.List;
import java.util.Optional;

/**
 * What close() achieved, honestly.
 *
 * @param clean true when every attempt ended, everything done was committed, and no thread of the
 *     consumer is left
 * @param state {@link State#CLOSED} or {@link State#FAILED}; {@link State#CLOSING} when the bound
 *     passed first
 * @param stillRunning what did not end within the bound
 * @param failure why the consumer failed, or what went wrong while closing
 */
public record CloseReport(
    boolean clean, State state, List<StillRunning> stillRunning, Optional<Throwable> failure) {
  public CloseReport {
    stillRunning = List.copyOf(stillRunning);
  }

  /** Without the failure's message, which can hold data of a record. */
  @Override
  public String toString() {
    return "CloseReport[clean="
        + clean
        + ", state="
        + state
        + ", stillRunning="
        + stillRunning
        + ", failure="
        + failure.map(thrown -> thrown.getClass().getName()).orElse("none")
        + "]";
  }

  /**
   * Something that did not end in time.
   *
   * @param what the record ({@code topic-partition@offset}) or the part of the library
   * @param thread name of the thread that is still in it
   * @param stack where it stands now, innermost frame first
   */
  public record StillRunning(String what, String thread, List<StackTraceElement> stack) {
    public StillRunning {
      stack = List.copyOf(stack);
    }
  }
}
