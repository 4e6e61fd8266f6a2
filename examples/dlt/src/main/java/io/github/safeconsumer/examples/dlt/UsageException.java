package io.github.safeconsumer.examples.dlt;

/** Arguments that mean nothing; the message names the flag and says what would do. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
