package io.github.safeconsumer.examples.preflight;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they are written on a command line, and read. */
final class Times {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?) ?(us|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "us", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);
  private static final Duration LONGEST = Duration.ofHours(24);

  private Times() {}

  /**
   * Like 120ms, 1.5s or 2m; over 0, at most 24 h.
   *
   * @throws IllegalArgumentException that says so, for anything else
   */
  static Duration parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (parts.matches()) {
      BigDecimal nanos =
          new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(NANOS.get(parts.group(2))));
      Duration time = Duration.ofNanos(nanos.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
      if (!time.isZero() && time.compareTo(LONGEST) <= 0) {
        return time;
      }
    }
    throw new IllegalArgumentException(
        "--latency "
            + text
            + ": write a number and us, ms, s, m or h, as in 120ms or 1.5s;"
            + " over 0, at most 24h");
  }

  /** In milliseconds below a second, otherwise in seconds, to the microsecond. */
  static String text(Duration time) {
    return time.toSeconds() == 0
        ? plain(BigDecimal.valueOf(time.toNanosPart(), 6)) + " ms"
        : plain(BigDecimal.valueOf(time.toSeconds()).add(BigDecimal.valueOf(time.toNanosPart(), 9)))
            + " s";
  }

  private static String plain(BigDecimal number) {
    return number.setScale(6, RoundingMode.DOWN).stripTrailingZeros().toPlainString();
  }
}
