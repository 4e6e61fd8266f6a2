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

  /** A line of the table, with a cell for each group. */
  record Row(String label, List<String> cells) {
    Row {
      cells = List.copyOf(cells);
    }

    private static Row of(String label, List<Standing> groups, Function<Standing, String> cell) {
      return new Row(label, groups.stream().map(cell).toList());
    }

    @Override
    public String toString() {
      StringBuilder line = new StringBuilder(format(LABEL, label));
      cells.forEach(cell -> line.append(format(CELL, cell)));
      return line.toString();
    }
  }

  static List<String> lines(List<Standing> groups) {
    List<String> lines = new ArrayList<>();
    lines.add(Row.of("", groups, Standing::group).toString());
    rows(groups).forEach(row -> lines.add(row.toString()));
    return lines;
  }

  /** What stands below the names of the groups. */
  static List<Row> rows(List<Standing> groups) {
    List<Row> rows = new ArrayList<>();
    int partitions = groups.get(0).lags().size();
    for (int partition = 0; partition < partitions; partition++) {
      int p = partition;
      rows.add(Row.of("lag of partition " + p, groups, group -> number(group.lags().get(p))));
    }
    rows.add(Row.of("orders per second", groups, group -> number(group.rate())));
    rows.add(Row.of("rebalances", groups, group -> number(group.rebalances())));
    rows.add(Row.of("duplicates", groups, group -> number(group.duplicates())));
    rows.add(Row.of("retried", groups, group -> number(group.retried())));
    rows.add(Row.of("dead-lettered", groups, group -> orDash(group.deadLettered())));
    rows.add(Row.of("time", groups, Table::time));
    return rows;
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
