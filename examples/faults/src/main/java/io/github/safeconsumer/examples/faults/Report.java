package io.github.safeconsumer.examples.faults;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The table, as plain text. */
final class Report {
  private static final String LINE = "%-15s %-13s %-8s %6s %11s %14s %9s %7s %11s  %s";

  static final List<String> FOOTER =
      List.of(
          "outcome        done: every good record done, every offset committed. stuck: not so when",
          "               its time was over. endless: the same, after three or more deaths that",
          "               nobody inflicted, or with a record done three times or more",
          "lost           records behind the committed offset that were neither done nor dead-lettered",
          "duplicated     times that a record was done that had been done before",
          "dead-lettered  records in the dead-letter topic, read back; the naive loop has none",
          "attempts       how often handlers began the bad record",
          "deaths         processes that ended while it ran, killed and terminated ones too",
          "rebalances     times that the partitions were given to members anew, once records came",
          "time           from the first record sent to the last good record done");

  private Report() {}

  static String head() {
    return format(
        "fault",
        "loop",
        "outcome",
        "lost",
        "duplicated",
        "dead-lettered",
        "attempts",
        "deaths",
        "rebalances",
        "time");
  }

  static String line(Row row) {
    Result result = row.result();
    return format(
        row.fault(),
        row.side().title(),
        result.outcome().name().toLowerCase(Locale.ROOT),
        result.lost(),
        result.duplicated(),
        row.side() == Side.SAFE ? result.deadLettered().size() : "-",
        result.attempts(),
        result.deaths(),
        result.rebalances(),
        result
            .time()
            .map(Report::seconds)
            .orElse("never (stopped after " + row.patience().toSeconds() + " s)"));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  private static String format(Object... cells) {
    return String.format(Locale.ROOT, LINE, cells);
  }
}
