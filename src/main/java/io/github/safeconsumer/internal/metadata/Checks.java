package io.github.safeconsumer.internal.metadata;

/** Checks of values where they enter. The messages hold names of ours and numbers, nothing else. */
final class Checks {
  /** The end of the year 9999: whatever is later is no time. */
  static final long MAX_SECONDS = 253_402_300_799L;

  private Checks() {}

  static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + "=" + value + " must be at least " + least);
    }
  }

  static void atMost(String name, long value, long most) {
    if (value > most) {
      throw new IllegalArgumentException(name + "=" + value + " must be at most " + most);
    }
  }

  static void seconds(String name, long value, long least) {
    atLeast(name, value, least);
    atMost(name, value, MAX_SECONDS);
  }
}
