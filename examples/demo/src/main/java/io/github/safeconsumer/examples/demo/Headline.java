package io.github.safeconsumer.examples.demo;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The result of a run in words and numbers.
 *
 * @param title in one line
 * @param sentences what it rests on
 */
record Headline(String title, List<String> sentences) {
  Headline {
    sentences = List.copyOf(sentences);
  }

  /**
   * Takes how the groups stood.
   *
   * @param kept whether SafeConsumer kept every promise, in time
   * @param checks each of the promises
   * @param good orders that can be fulfilled
   */
  static Headline of(Standing naive, Standing safe, boolean kept, List<Check> checks, long good) {
    return new Headline(
        title(naive, safe, kept), List.of(ofSafe(safe, kept, checks, good), ofNaive(naive, good)));
  }

  private static String title(Standing naive, Standing safe, boolean kept) {
    String first =
        kept
            ? format("SafeConsumer was done after %,d s", safe.time().toSeconds())
            : "SafeConsumer broke a promise";
    return first
        + (naive.lag() == 0
            ? "; the naive loop got to the end, too"
            : format("; the naive loop stood %,d records behind", naive.lag()));
  }

  private static String ofSafe(Standing safe, boolean kept, List<Check> checks, long good) {
    if (!kept) {
      String broken =
          checks.stream()
              .filter(check -> !check.passed())
              .map(Check::name)
              .collect(Collectors.joining("; "));
      return format(
          "SafeConsumer stood %,d records behind after %,d s. Broken: %s.",
          safe.lag(), safe.time().toSeconds(), broken.isEmpty() ? "not done in time" : broken);
    }
    return format(
        "SafeConsumer fulfilled %,d of %,d good orders, %s of them twice, put %,d bad records into"
            + " the dead-letter topic, and went through %s.",
        safe.handled(),
        good,
        safe.duplicates() == 0 ? "none" : format("%,d", safe.duplicates()),
        safe.deadLettered().orElse(0),
        count(safe.rebalances(), "rebalance"));
  }

  private static String ofNaive(Standing naive, long good) {
    return format(
        "The naive loop fulfilled %,d of %,d, did again %s what was done already, and went"
            + " through %s in %,d s.",
        naive.handled(),
        good,
        times(naive.duplicates()),
        count(naive.rebalances(), "rebalance"),
        naive.time().toSeconds());
  }

  private static String times(long count) {
    return count == 1 ? "once" : format("%,d times", count);
  }

  private static String count(long number, String noun) {
    return number == 0 ? "no " + noun : format("%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
