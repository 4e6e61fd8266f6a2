package io.github.safeconsumer.examples.demo;

/** What awaits whoever handles a record. */
enum Kind {
  ORDINARY("ordinary order"),
  /** Takes {@link Fulfilment#CUSTOMS} rather than a millisecond. */
  SLOW("slow order"),
  /** Fails twice, then succeeds. */
  DECLINED_TWICE("payment declined twice"),
  /** Fails at every attempt. */
  UNKNOWN_CUSTOMER("unknown customer"),
  /** Is no order at all. */
  MALFORMED("malformed body");

  private final String words;

  Kind(String words) {
    this.words = words;
  }

  /** True when no attempt can succeed, so that the record belongs in the dead-letter topic. */
  boolean bad() {
    return this == UNKNOWN_CUSTOMER || this == MALFORMED;
  }

  @Override
  public String toString() {
    return words;
  }
}
