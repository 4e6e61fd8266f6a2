package io.github.safeconsumer.examples.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;

/** Lays the groups out side by side, as plain text. */
final class Table {
  private static final String LABEL = "%-24s";
  private static final String CELL = "%16s";

  private Table() {}

  static List<String> lines(List<Standing> groups) {
    List<String> lines = new ArrayList<>();
    lines.add(line("", groups, Standing::group));
    int partitions = groups.get(0).lags().size();
    for (int partition = 0; partition < partitions; partition++) {
      int p = partition;
      lines.add(line("lag of partition " + p, groups, group -> number(group.lags().get(p))));
    }
    lines.add(line("orders per second", groups, group -> number(group.rate())));
    lines.add(line("rebalances", groups, group -> number(group.rebalances())));
    lines.add(line("duplicates", groups, group -> number(group.duplicates())));
    lines.add(line("retried", groups, group -> number(group.retried())));
    lines.add(line("dead-lettered", groups, group -> orDash(group.deadLettered())));
    lines.add(line("time", groups, Table::time));
    return lines;
  }

  private static String line(String label, List<Standing> groups, Function<Standing, String> cell) {
    StringBuilder line = new StringBuilder(format(LABEL, label));
    groups.forEach(group -> line.append(format(CELL, cell.apply(group))));
    return line.toString();
  }

  /** One group in one line, for where nothing can be drawn over. */
  static String line(Standing group) {
    return format(
        "%s %-12s lag %s, %s/s, %s rebalances, %s duplicates, %s retried, %s dead-lettered",
        clock(group.time()),
        group.group(),
        number(group.lag()),
        number(group.rate()),
        number(group.rebalances()),
        number(group.duplicates()),
        number(group.retried()),
        orDash(group.deadLettered()));
  }

  private static String time(Standing group) {
    return group.lag() == 0 ? "done in " + clock(group.time()) : clock(group.time());
  }

  private static String orDash(OptionalLong value) {
    return value.isPresent() ? number(value.getAsLong()) : "-";
  }

  private static String number(long value) {
    return format("%,d", value);
  }

  private static String clock(Duration time) {
    return format("%d:%02d", time.toMinutes(), time.toSecondsPart());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
