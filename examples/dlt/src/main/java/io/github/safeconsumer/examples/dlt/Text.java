package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.DeadLetters.Listing;
import io.github.safeconsumer.ReplayReport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Header;

/**
 * For people. Keys, values, headers and exception messages can be personal data, so they are shown
 * only when asked for, on one line and without control characters.
 */
final class Text {
  private static final int LONGEST_VALUE = 400;
  private static final String ROW = "%-10s  %-20s  %-24s  %-16s  %8s  %-28s  %s";

  private Text() {}

  static List<String> of(Listing listing, boolean values) {
    List<String> lines = new ArrayList<>();
    lines.add(row("AT", "WRITTEN", "ORIGIN", "REASON", "ATTEMPTS", "EXCEPTION", "ID"));
    for (Entry entry : listing.entries()) {
      DeadLetter letter = entry.letter();
      lines.add(
          row(
              entry.at().partition() + "@" + entry.offset(),
              time(entry.writtenAt()),
              letter.origin() + "@" + letter.offset(),
              word(letter.reason()),
              String.valueOf(letter.attempts()),
              simple(letter.exceptionClass()),
              letter.id()));
      if (values) {
        lines.add("            key " + shown(letter.key()) + "  value " + shown(letter.value()));
      }
    }
    lines.add("");
    lines.add(
        listing.entries().size()
            + " of "
            + listing.matched()
            + " that match; "
            + listing.read()
            + " records in the topic"
            + (listing.foreign() == 0
                ? ""
                : ", " + listing.foreign() + " of them no dead letters of this library"));
    return lines;
  }

  private static String row(Object... columns) {
    return String.format(Locale.ROOT, ROW, columns).stripTrailing();
  }

  static List<String> of(Entry entry, boolean values) {
    DeadLetter letter = entry.letter();
    List<String> lines = new ArrayList<>();
    add(lines, "at", entry.place());
    add(lines, "written", time(entry.writtenAt()));
    add(lines, "id", letter.id());
    add(lines, "origin", letter.origin() + "@" + letter.offset());
    letter.clusterId().ifPresent(id -> add(lines, "cluster", id));
    add(lines, "group", letter.groupId() + ", client " + letter.clientId());
    add(lines, "host", letter.host() + ", library " + letter.libraryVersion());
    add(lines, "reason", word(letter.reason()) + " after " + letter.attempts() + " attempts");
    add(lines, "failed", time(letter.firstFailure()) + " to " + time(letter.lastFailure()));
    letter
        .history()
        .ifPresent(
            h ->
                add(
                    lines,
                    "before",
                    "a dead letter "
                        + h.times()
                        + " times, first of "
                        + h.firstOrigin()
                        + "@"
                        + h.firstOffset()));
    if (!letter.truncated().isEmpty()) {
      add(lines, "cut", letter.truncated() + " (original sizes)");
    }
    add(lines, "exception", letter.exceptionClass());
    letter.stackTrace().lines().limit(12).forEach(line -> add(lines, "", "  " + line.strip()));
    add(lines, "sizes", "key " + size(letter.key()) + ", value " + size(letter.value()));
    if (values) {
      add(lines, "message", clean(letter.exceptionMessage()));
      for (Header header : letter.headers()) {
        add(lines, "header", clean(header.key()) + " = " + shown(header.value()));
      }
      add(lines, "key", shown(letter.key()));
      add(lines, "value", shown(letter.value()));
    } else {
      add(lines, "", "(--values shows message, headers, key and value)");
    }
    return lines;
  }

  static List<String> of(ReplayReport report) {
    List<String> lines = new ArrayList<>();
    add(lines, "replay", report.id() + (report.dryRun() ? ", dry run: nothing was sent" : ""));
    add(
        lines,
        "ending",
        report.ending() + (report.problem().isEmpty() ? "" : ": " + report.problem()));
    if (report.resumed()) {
      add(lines, "", "this id was used before: it went on where that ended");
    }
    add(
        lines,
        report.dryRun() ? "would send" : "sent",
        report.sent()
            + " of "
            + report.matched()
            + " that match; "
            + report.read()
            + " records read");
    report.targets().forEach((topic, n) -> add(lines, "to", topic + ": " + n));
    if (report.duplicates() > 0) {
      add(lines, "copies", report.duplicates() + " not sent, since the same letter came before");
    }
    report.refused().forEach((reason, n) -> add(lines, "refused", n + ": " + reason));
    report.refusals().forEach(r -> add(lines, "", "  " + r.place() + " " + r.letterId()));
    if (report.foreign() > 0) {
      add(lines, "foreign", report.foreign() + " records are no dead letters of this library");
    }
    report.warnings().forEach(warning -> add(lines, "warning", warning));
    return lines;
  }

  /** What the cluster said, with the first cause that says more. */
  static String of(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure.getMessage()
        + (cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")");
  }

  static String word(DeadLetter.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void add(List<String> lines, String name, String value) {
    lines.add(String.format(Locale.ROOT, "%-11s%s", name, value).stripTrailing());
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private static String size(byte[] bytes) {
    return bytes == null ? "null" : bytes.length + " bytes";
  }

  private static String shown(byte[] bytes) {
    return bytes == null ? "null" : clean(new String(bytes, StandardCharsets.UTF_8));
  }

  /** A terminal does what control characters tell it. */
  private static String clean(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= LONGEST_VALUE ? line : line.substring(0, LONGEST_VALUE) + "...";
  }
}
