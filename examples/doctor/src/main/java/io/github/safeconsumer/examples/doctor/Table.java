package io.github.safeconsumer.examples.doctor;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.GroupReport.Partition;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** A report for a person: the causes first, then the partitions that are furthest behind. */
final class Table {
  private static final int MOST = 30;
  private static final String ROW = "%-28s %12s %10s %10s %12s %10s  %s";

  private Table() {}

  static List<String> of(GroupReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "group %s  %s %s  %d members  %,d behind  %s"
            .formatted(
                report.group(),
                report.protocol(),
                report.state(),
                report.members().size(),
                report.lag(),
                report.at().truncatedTo(ChronoUnit.SECONDS)));
    for (Cause cause : report.causes()) {
      lines.add("");
      lines.add((cause.isTrouble() ? "! " : "  ") + cause.code() + ": " + cause.evidence());
      if (!cause.remedy().isEmpty()) {
        lines.add("  -> " + cause.remedy());
      }
    }
    lines.add("");
    lines.add(row("PARTITION", "BEHIND", "OLDEST", "DONE/S", "ARRIVE/S", "DRAINED", "OWNER"));
    report.partitions().stream()
        .sorted(Comparator.comparingLong(Partition::lag).reversed())
        .limit(MOST)
        .forEach(
            one -> {
              lines.add(
                  row(
                      one.partition().toString(),
                      String.format(Locale.ROOT, "%,d", one.lag()),
                      time(one.oldestAge()),
                      rate(one.committedPerSecond()),
                      rate(one.arrivedPerSecond()),
                      one.lag() == 0 ? "" : one.timeToDrain().map(Table::time).orElse("never"),
                      one.owner().orElse("nobody")));
              if (!one.note().isEmpty() && !one.note().equals("SafeConsumer")) {
                lines.add("    " + one.note());
              }
            });
    if (report.partitions().size() > MOST) {
      lines.add("... and " + (report.partitions().size() - MOST) + " more partitions");
    }
    lines.add("");
    report.unseen().forEach(what -> lines.add("not seen: " + what));
    return lines;
  }

  private static String row(Object... columns) {
    return String.format(Locale.ROOT, ROW, columns).stripTrailing();
  }

  private static String rate(OptionalDouble perSecond) {
    return perSecond.isPresent()
        ? String.format(Locale.ROOT, "%,.1f", perSecond.getAsDouble())
        : "";
  }

  private static String time(Optional<Duration> time) {
    return time.map(Table::time).orElse("");
  }

  private static String time(Duration time) {
    if (time.toSeconds() < 120) {
      return time.toSeconds() + " s";
    }
    if (time.toMinutes() < 120) {
      return time.toMinutes() + " min";
    }
    return time.toHours() < 48 ? time.toHours() + " h" : time.toDays() + " d";
  }
}
