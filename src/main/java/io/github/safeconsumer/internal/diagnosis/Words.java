package io.github.safeconsumer.internal.diagnosis;

import java.time.Duration;
import java.util.Locale;

/** How figures are written for a person. */
public final class Words {
  private static final int MANY_SECONDS = 120;
  private static final int MANY_MINUTES = 120;
  private static final int MANY_HOURS = 48;

  private Words() {}

  /** Two digits at least, one unit: 350 ms, 12 s, 3 min, 5 h, 9 d. */
  public static String time(Duration time) {
    if (time.toMillis() < 1_000) {
      return time.toMillis() + " ms";
    }
    if (time.toSeconds() < MANY_SECONDS) {
      return time.toSeconds() + " s";
    }
    if (time.toMinutes() < MANY_MINUTES) {
      return time.toMinutes() + " min";
    }
    return time.toHours() < MANY_HOURS ? time.toHours() + " h" : time.toDays() + " d";
  }

  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  public static String count(long number, String one) {
    return count(number) + " " + one + (number == 1 ? "" : "s");
  }

  /** One digit behind the point below ten. */
  public static String rate(double perSecond) {
    return perSecond < 10
        ? String.format(Locale.ROOT, "%.1f/s", perSecond)
        : count(Math.round(perSecond)) + "/s";
  }

  public static String percent(double share) {
    return Math.round(100 * share) + " %";
  }
}
