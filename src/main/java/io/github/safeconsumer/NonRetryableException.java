package io.github.safeconsumer;

/**
 * Thrown by a handler: no further attempt can help this record. By default it goes to the
 * dead-letter topic at once.
 */
public class NonRetryableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NonRetryableException(String message) {
    super(message);
  }

  public NonRetryableException(String message, Throwable cause) {
    super(message, cause);
  }
}
