package io.github.safeconsumer.internal.metadata;

/**
 * Tags of the optional parts of a note. A later version may add some: a reader skips an unknown
 * even one, and ignores the whole note for an unknown odd one.
 */
final class Sections {
  static final int CASE = 1;
  static final int DONE = 2;
  static final int CONVICTIONS = 3;
  static final int RETRIES = 5;

  /** Bits of the first byte of a case. */
  static final int CASE_ALONE = 1;

  static final int CASE_HAS_SOLO = 2;

  private Sections() {}

  static boolean maySkip(int tag) {
    return tag % 2 == 0;
  }
}
