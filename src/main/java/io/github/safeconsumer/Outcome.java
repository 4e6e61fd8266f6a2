package io.github.safeconsumer;

import java.util.Objects;

/**
 * How a command (start, pause, resume) ended.
 *
 * @param result whether what was asked for is true now
 * @param reason why, for a reader of a log; never empty
 */
public record Outcome(Result result, String reason) {
  /** The three ways a command can end. */
  public enum Result {
    /** What was asked for is true now. */
    APPLIED,
    /** A later command came first; this one changed nothing any more. */
    SUPERSEDED,
    /** It cannot become true; {@link Outcome#reason()} says why. */
    FAILED
  }

  public Outcome {
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(reason, "reason");
  }

  /** True for {@link Result#APPLIED}. */
  public boolean applied() {
    return result == Result.APPLIED;
  }
}
