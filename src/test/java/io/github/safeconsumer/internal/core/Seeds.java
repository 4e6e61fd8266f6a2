package io.github.safeconsumer.internal.core;

import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs a test with several seeds. A failure names its seed; {@code -Dtest.seed=<n>} replays that
 * one alone.
 */
public final class Seeds {
  private static final String PROPERTY = "test.seed";

  private Seeds() {}

  /** Runs the body once for each of so many seeds, or for the one of the property. */
  public static void each(int count, Consumer<Random> body) {
    Long replayed = Long.getLong(PROPERTY);
    if (replayed != null) {
      run(replayed, body);
      return;
    }
    long first = System.nanoTime();
    for (int i = 0; i < count; i++) {
      run(first + i, body);
    }
  }

  private static void run(long seed, Consumer<Random> body) {
    try {
      body.accept(new Random(seed));
    } catch (Throwable failed) {
      throw new AssertionError(
          "seed " + seed + ", replay it with -D" + PROPERTY + "=" + seed + ": " + failed, failed);
    }
  }
}
