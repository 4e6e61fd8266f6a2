package io.github.safeconsumer.examples.bench;

/** A run did not come to its end, or not to the right one. The message says all there is to say. */
final class ChildFailure extends Exception {
  private static final long serialVersionUID = 1;

  ChildFailure(String message) {
    super(message);
  }
}
