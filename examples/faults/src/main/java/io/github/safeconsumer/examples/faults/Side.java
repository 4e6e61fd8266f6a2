package io.github.safeconsumer.examples.faults;

/** Who does the work. */
enum Side {
  NAIVE("naive loop"),
  SAFE("SafeConsumer");

  private final String title;

  Side(String title) {
    this.title = title;
  }

  /** For the table. */
  String title() {
    return title;
  }
}
