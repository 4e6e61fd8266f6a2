package io.github.safeconsumer.examples.demo.report;

/**
 * Something that befell a group.
 *
 * @param seconds since the run began
 * @param what in a few words
 */
public record Mark(double seconds, Kind kind, String what) {
  /** What it was. */
  public enum Kind {
    /** The partitions were given to the members anew. */
    REBALANCE("rebalance"),
    /** A member had not polled for too long and was expelled. */
    EVICTION("eviction"),
    /** An exception ended a member. */
    CRASH("crash");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As many of them, in words. */
    String count(long number) {
      return Markup.number(number)
          + " "
          + word
          + (number == 1 ? "" : word.endsWith("sh") ? "es" : "s");
    }
  }
}
