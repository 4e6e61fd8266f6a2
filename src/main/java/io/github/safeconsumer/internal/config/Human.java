package io.github.safeconsumer.internal.config;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * Durations as a person would write them: {@code 250 ms}, {@code 1.5 s}, {@code 27 min 7 s}. Exact,
 * so that sums in messages add up.
 */
public final class Human {
  private static final long IN_SECONDS_UP_TO = 120;

  private Human() {}

  /** The duration; one that is negative in ISO-8601. */
  public static String text(Duration duration) {
    if (duration.isNegative()) {
      return duration.toString();
    }
    if (duration.isZero()) {
      return "0 s";
    }
    if (duration.toSeconds() == 0) {
      return plain(BigDecimal.valueOf(duration.toNanosPart(), 6)) + " ms";
    }
    if (duration.toSeconds() <= IN_SECONDS_UP_TO) {
      return seconds(duration.toSeconds(), duration.toNanosPart());
    }
    StringBuilder text = new StringBuilder();
    append(text, duration.toDays(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "min");
    if (duration.toSecondsPart() > 0 || duration.toNanosPart() > 0) {
      text.append(seconds(duration.toSecondsPart(), duration.toNanosPart()));
    }
    return text.toString().strip();
  }

  private static String seconds(long seconds, int nanos) {
    return plain(BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9))) + " s";
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count > 0) {
      text.append(count).append(' ').append(unit).append(' ');
    }
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
