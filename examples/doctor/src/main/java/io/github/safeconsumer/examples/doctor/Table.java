package io.github.safeconsumer.examples.doctor;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.GroupReport.Member;
import io.github.safeconsumer.GroupReport.Partition;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** A report for a person: the causes first, then the partitions that are furthest behind. */
final class Table {
  static final int WIDTH = 100;

  private static final int MOST = 30;
  private static final int NAME = 30;
  private static final String NOTHING_NOTED = "SafeConsumer";

  private final GroupReport report;
  private final List<String> lines = new ArrayList<>();
  private final List<String> owners;

  private Table(GroupReport report) {
    this.report = report;
    this.owners = report.members().stream().map(Table::name).distinct().toList();
  }

  static List<String> of(GroupReport report) {
    Table table = new Table(report);
    table.addHead();
    report.causes().forEach(table::addCause);
    table.addPartitions();
    table.addMembers();
    table.addUnseen();
    return table.lines;
  }

  private void addHead() {
    lines.add(
        "group %s   %s   %s %s   %s   %s"
            .formatted(
                report.group(),
                report.at().truncatedTo(ChronoUnit.SECONDS),
                report.protocol(),
                report.state(),
                count(report.members().size(), "member"),
                String.format(Locale.ROOT, "%,d behind", report.lag())));
  }

  private void addCause(Cause cause) {
    lines.add("");
    wrap((cause.isTrouble() ? "! " : "  ") + cause.code() + ": ", "  ", cause.evidence());
    if (!cause.remedy().isEmpty()) {
      wrap("  -> ", "     ", cause.remedy());
    }
  }

  private void addPartitions() {
    if (report.partitions().isEmpty()) {
      return;
    }
    List<Partition> shown =
        report.partitions().stream()
            .sorted(Comparator.comparingLong(Partition::lag).reversed())
            .limit(MOST)
            .toList();
    int width =
        Stream.concat(Stream.of(9), shown.stream().map(one -> place(one).length()))
            .max(Comparator.naturalOrder())
            .get();
    lines.add("");
    lines.add(
        row(
            width,
            "PARTITION",
            "COMMITTED",
            "BEHIND",
            "OLDEST",
            "STANDS",
            "DONE/S",
            "IN/S",
            "DRAINED",
            "BY"));
    for (Partition one : shown) {
      lines.add(
          row(
              width,
              place(one),
              one.committed().isPresent() ? String.valueOf(one.committed().getAsLong()) : "-",
              String.format(Locale.ROOT, "%,d", one.lag()),
              one.oldestAge().map(Table::time).orElse(""),
              one.stands().isZero() ? "" : time(one.stands()),
              rate(one.committedPerSecond()),
              rate(one.arrivedPerSecond()),
              drained(one),
              one.owner().map(owner -> "#" + (owners.indexOf(owner) + 1)).orElse("nobody")));
      if (!one.note().isEmpty() && !one.note().equals(NOTHING_NOTED)) {
        wrap("    ", "    ", one.note());
      }
    }
    if (report.partitions().size() > MOST) {
      lines.add("... and " + (report.partitions().size() - MOST) + " more partitions");
    }
  }

  private void addMembers() {
    if (owners.isEmpty()) {
      return;
    }
    lines.add("");
    for (int i = 0; i < owners.size(); i++) {
      String owner = owners.get(i);
      int partitions =
          report.members().stream()
              .filter(one -> name(one).equals(owner))
              .mapToInt(Member::partitions)
              .sum();
      wrap("#" + (i + 1) + " ", "   ", owner + ", " + count(partitions, "partition"));
    }
  }

  private void addUnseen() {
    lines.add("");
    report.unseen().forEach(what -> wrap("not seen: ", "  ", what));
  }

  private String drained(Partition one) {
    if (one.lag() == 0 || one.committedPerSecond().isEmpty()) {
      return "";
    }
    return one.timeToDrain().map(Table::time).orElse("never");
  }

  private static String name(Member member) {
    return member.clientId() + member.host();
  }

  /** The number of the partition is at the end: that is what is kept. */
  private static String place(Partition one) {
    String name = one.partition().toString();
    return name.length() <= NAME ? name : ".." + name.substring(name.length() - NAME + 2);
  }

  private static String row(int width, Object... columns) {
    String format = "%-" + width + "s %10s %9s %7s %7s %8s %8s %7s  %s";
    return String.format(Locale.ROOT, format, columns).stripTrailing();
  }

  private void wrap(String first, String next, String text) {
    StringBuilder line = new StringBuilder(first);
    boolean begins = true;
    for (String word : text.split(" ")) {
      if (!begins && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(next);
        begins = true;
      }
      line.append(begins ? "" : " ").append(word);
      begins = false;
    }
    lines.add(line.toString());
  }

  private static String count(int number, String one) {
    return number + " " + one + (number == 1 ? "" : "s");
  }

  private static String rate(OptionalDouble perSecond) {
    if (perSecond.isEmpty()) {
      return "";
    }
    return String.format(
        Locale.ROOT, perSecond.getAsDouble() < 1_000 ? "%.1f" : "%,.0f", perSecond.getAsDouble());
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
