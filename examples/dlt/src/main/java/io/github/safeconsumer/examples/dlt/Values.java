package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.DeadLetter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;

/**
 * What the values of flags mean. Each throws an IllegalArgumentException that names the flag, the
 * value and what would do.
 */
final class Values {
  private static final long MOST_PARTITIONS = 1_000_000;

  private Values() {}

  static long number(String flag, String text, long least) {
    try {
      long number = Long.parseLong(text);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // refused below
    }
    throw wrong(flag, text, "a whole number from " + least);
  }

  static double rate(String text) {
    try {
      double rate = Double.parseDouble(text);
      if (rate > 0) {
        return rate;
      }
    } catch (NumberFormatException noNumber) {
      // refused below
    }
    throw wrong("--rate", text, "records a second, over 0");
  }

  /** Partition and offset of {@code --at}. */
  static long[] place(String text) {
    long[] pair = pair(text, "@");
    if (pair.length == 0 || pair[0] > MOST_PARTITIONS) {
      throw wrong("--at", text, "PARTITION@OFFSET, as in 0@1234");
    }
    return pair;
  }

  static long[] offsets(String text) {
    long[] pair = pair(text, "-");
    if (pair.length == 0 || pair[1] < pair[0]) {
      throw wrong("--offsets", text, "FROM-TO, as in 100-250");
    }
    return pair;
  }

  /** Empty when it is none. */
  private static long[] pair(String text, String separator) {
    String[] parts = text.split(separator, -1);
    try {
      if (parts.length == 2) {
        long[] pair = {Long.parseLong(parts[0]), Long.parseLong(parts[1])};
        if (pair[0] >= 0 && pair[1] >= 0) {
          return pair;
        }
      }
    } catch (NumberFormatException noNumber) {
      // none
    }
    return new long[0];
  }

  static DeadLetter.Reason reason(String word) {
    try {
      return DeadLetter.Reason.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException unknown) {
      throw wrong(
          "--reason",
          word,
          "exhausted, non-retryable, undeserializable, hung, crashed or operator");
    }
  }

  static Instant time(String flag, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException noTime) {
      throw wrong(flag, text, "a time in UTC, as in 2026-03-01T10:00:00Z");
    }
  }

  private static IllegalArgumentException wrong(String flag, String text, String form) {
    return new IllegalArgumentException(flag + " " + text + ": " + form);
  }
}
