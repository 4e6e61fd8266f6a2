package io.github.safeconsumer.internal.metadata;

import io.github.safeconsumer.internal.metadata.Reading.Reason;

/** Ends the reading of a string. Does not leave this package, and has no use for a stack trace. */
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  private Unreadable(Reason reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  static Unreadable damaged(String detail) {
    return new Unreadable(Reason.DAMAGED, detail);
  }

  static Unreadable unknownVersion(String detail) {
    return new Unreadable(Reason.UNKNOWN_VERSION, detail);
  }

  Reading.Ignored asReading() {
    return new Reading.Ignored(reason, String.valueOf(getMessage()));
  }
}
