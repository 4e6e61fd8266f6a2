package io.github.safeconsumer.examples.demo;

/** The topics of the demo. */
final class Topics {
  static final String ORDERS = "orders";
  static final String DEAD_LETTERS = "orders.dlt";

  private Topics() {}
}
