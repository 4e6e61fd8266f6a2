package io.github.safeconsumer.examples.preflight;

import java.util.ArrayList;
import java.util.List;

/** Breaks text between words. */
final class Wrap {
  static final int COLUMNS = 100;

  private Wrap() {}

  /** Lines of at most so many characters; a word that is longer stands alone, uncut. */
  static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
