package io.github.safeconsumer.internal.observe;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Writes JSON without a library: Jackson may be absent at run time. The caller nests begin and end
 * correctly. The text is ASCII-safe where it matters: control characters, line separators and lone
 * surrogates are escaped, so it survives any transport and encoding.
 */
final class JsonWriter {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder(1024);
  private boolean follows;

  JsonWriter beginObject() {
    return open('{');
  }

  JsonWriter endObject() {
    return close('}');
  }

  JsonWriter beginArray() {
    return open('[');
  }

  JsonWriter endArray() {
    return close(']');
  }

  /** A field's name; its value must come next. */
  JsonWriter name(String name) {
    separate();
    quote(name);
    out.append(':');
    follows = false;
    return this;
  }

  JsonWriter text(String value) {
    separate();
    quote(value);
    return this;
  }

  JsonWriter number(long value) {
    separate();
    out.append(value);
    return this;
  }

  JsonWriter bool(boolean value) {
    separate();
    out.append(value);
    return this;
  }

  /** To a thousandth: finer than any share or rate is known. */
  JsonWriter decimal(double value) {
    separate();
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    out.append(rounded.stripTrailingZeros().toPlainString());
    return this;
  }

  JsonWriter nothing() {
    separate();
    out.append("null");
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private JsonWriter open(char bracket) {
    separate();
    out.append(bracket);
    follows = false;
    return this;
  }

  private JsonWriter close(char bracket) {
    out.append(bracket);
    follows = true;
    return this;
  }

  private void separate() {
    if (follows) {
      out.append(',');
    }
    follows = true;
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else {
        character(c);
      }
    }
    out.append('"');
  }

  private void character(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (Character.isISOControl(c)
            || Character.isSurrogate(c)
            || c == '\u2028'
            || c == '\u2029') {
          escape(c);
        } else {
          out.append(c);
        }
      }
    }
  }

  private void escape(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt((c >> shift) & 0xf));
    }
  }
}
