package io.github.safeconsumer.internal.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the setting that a misspelt key was probably meant to be. */
final class Typos {
  private static final int MOST_EDITS = 2;
  private static final int SHORT = 8;

  private Typos() {}

  /**
   * The known key at most two edits away (one for short keys), separators and case aside; the
   * nearest, where there are several.
   */
  static Optional<String> nearest(String unknown, Collection<String> known) {
    String wanted = normal(unknown);
    int allowed = wanted.length() <= SHORT ? 1 : MOST_EDITS;
    return known.stream()
        .filter(key -> Math.abs(normal(key).length() - wanted.length()) <= allowed)
        .filter(key -> edits(wanted, normal(key)) <= allowed)
        .min(
            Comparator.<String>comparingInt(key -> edits(wanted, normal(key)))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String normal(String key) {
    return key.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
   */
  static int edits(String from, String to) {
    int[] beforeLast = new int[to.length() + 1];
    int[] last = new int[to.length() + 1];
    int[] current = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(last[j], current[j - 1]));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          current[j] = Math.min(current[j], beforeLast[j - 2] + 1);
        }
      }
      int[] spare = beforeLast;
      beforeLast = last;
      last = current;
      current = spare;
    }
    return last[to.length()];
  }
}
