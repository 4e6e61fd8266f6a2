package io.github.safeconsumer.examples.preflight;

/** Arguments that mean nothing; the message says what to write instead. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
