package io.github.safeconsumer.internal.metadata;

import org.jspecify.annotations.Nullable;

/**
 * A record that failed and is not done.
 *
 * @param offset of the record
 * @param attempts charged so far, over all owners
 * @param elapsedMillis how much of the time for its retries is used up
 * @param firstFailureSeconds when its first attempt failed, in seconds since 1970; -1: not known
 * @param fate what is to become of it
 */
public record RetryEntry(
    long offset, int attempts, long elapsedMillis, long firstFailureSeconds, Fate fate) {

  /** What is to become of a record that failed. */
  public enum Fate {
    /** Further attempts. */
    RETRYING(0),
    /** A dead letter: attempts or time are used up. */
    EXHAUSTED(1),
    /** A dead letter: the handler said that no attempt can help. */
    NON_RETRYABLE(2),
    /** A dead letter: the bytes cannot be read. */
    UNDESERIALIZABLE(3),
    /** A dead letter: its attempt did not return. */
    HUNG(4),
    /** A dead letter: the process died of it. */
    CRASHED(5);

    /** Codes from here on do not exist in any version: they share a number with the attempts. */
    static final int CODES = 16;

    private final int code;

    Fate(int code) {
      this.code = code;
    }

    /** What stands for it in the text form. Never changes. */
    int code() {
      return code;
    }

    static @Nullable Fate ofCode(int code) {
      for (Fate fate : values()) {
        if (fate.code == code) {
          return fate;
        }
      }
      return null;
    }

    /** No further attempt may run, and a dead letter is to be written before the record is done. */
    public boolean owesDeadLetter() {
      return this != RETRYING;
    }
  }

  /** Checks the ranges of the numbers. */
  public RetryEntry {
    Checks.atLeast("offset", offset, 0);
    Checks.atLeast("attempts", attempts, 0);
    Checks.atLeast("elapsedMillis", elapsedMillis, 0);
    Checks.seconds("firstFailureSeconds", firstFailureSeconds, -1);
  }
}
