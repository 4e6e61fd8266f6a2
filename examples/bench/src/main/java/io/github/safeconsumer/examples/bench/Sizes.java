package io.github.safeconsumer.examples.bench;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much of everything.
 *
 * @param isShort a fiftieth of the records: to see that it runs, not how fast
 * @param records instead of the scenario's own count, where given
 * @param concurrencyAsked instead of the number of cores, where given
 */
record Sizes(boolean isShort, OptionalLong records, OptionalInt concurrencyAsked) {
  private static final long SHORTER = 50;

  static Sizes full() {
    return new Sizes(false, OptionalLong.empty(), OptionalInt.empty());
  }

  long records(long usual) {
    return records.orElse(isShort ? usual / SHORTER : usual);
  }

  /** Records that are produced live in so many seconds. */
  long live(int perSecond, int seconds) {
    return records.orElse((long) perSecond * (isShort ? 2 : seconds));
  }

  /** Where no work blocks, more calls at once than cores help nobody. */
  int concurrency() {
    return concurrencyAsked.orElse(Runtime.getRuntime().availableProcessors());
  }
}
