package io.github.safeconsumer.examples.demo.report;

import java.util.Locale;

/** Text that is put into HTML and SVG. */
final class Markup {
  private Markup() {}

  /** What shows as this text, wherever it stands: between tags or in an attribute. */
  static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(Character.isISOControl(c) ? ' ' : c);
              }
            });
    return out.toString();
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A place in a drawing. */
  static String at(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  static String seconds(double value) {
    return String.format(Locale.ROOT, "%.1f s", value);
  }
}
