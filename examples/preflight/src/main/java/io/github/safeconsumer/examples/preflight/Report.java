package io.github.safeconsumer.examples.preflight;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PollBudget;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** What a person wants to read: the figures that count, the sum, the findings, a summary. */
final class Report {
  private static final String INDENT = "  ";
  private static final String COLUMN = " ".repeat(10);

  private final Arguments arguments;
  private final Properties settings;
  private final List<Finding> findings;

  Report(Arguments arguments, Properties settings, List<Finding> findings) {
    this.arguments = arguments;
    this.settings = settings;
    this.findings = findings;
  }

  List<String> lines() {
    PollBudget budget =
        PollBudget.of(
            Duration.ofMillis(number(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG)),
            arguments.latency());
    int records = number(ConsumerConfig.MAX_POLL_RECORDS_CONFIG);
    List<String> lines = new ArrayList<>();
    lines.add(
        arguments.file()
            + ", as a hand-written loop at "
            + Times.text(arguments.latency())
            + " a record");
    lines.add("");
    addFigures(budget, lines);
    lines.add("");
    addBudget(budget, records, lines);
    lines.add("");
    findings.forEach(finding -> addFinding(finding, lines));
    lines.add(summary());
    return lines;
  }

  private void addFigures(PollBudget budget, List<String> lines) {
    lines.add(figure("group.protocol", effective(ConsumerConfig.GROUP_PROTOCOL_CONFIG)));
    lines.add(
        figure("max.poll.interval.ms", effective(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG)));
    lines.add(figure("max.poll.records", effective(ConsumerConfig.MAX_POLL_RECORDS_CONFIG)));
    lines.add(
        figure(
            "window for work",
            budget.margin()
                + " x "
                + Times.text(budget.maxPollInterval())
                + " = "
                + Times.text(budget.window())));
  }

  private void addBudget(PollBudget budget, int records, List<String> lines) {
    addWrapped(INDENT, budget.sum(records), lines);
    lines.add(
        figure(
            "interval needed",
            budget.intervalFor(records).toMillis() + " ms for " + records + " records"));
    lines.add(
        figure(
            "latency tolerated",
            Times.text(budget.latencyFor(records)) + " a record for " + records + " records"));
    if (arguments.concurrency() > 1) {
      lines.add("");
      lines.add(
          INDENT
              + "With SafeConsumer, concurrency "
              + arguments.concurrency()
              + ", ordering "
              + arguments.ordering()
              + (arguments.ordering() == Ordering.PARTITION ? ", one partition:" : ":"));
      addWrapped(
          INDENT,
          budget.withParallelism(arguments.ordering(), arguments.concurrency(), 1).sum(records),
          lines);
    }
  }

  private static String figure(String name, String value) {
    return String.format(Locale.ROOT, "%s%-22s%s", INDENT, name, value);
  }

  private static void addFinding(Finding finding, List<String> lines) {
    String head = String.format(Locale.ROOT, "%-10s", finding.severity());
    List<String> text = new ArrayList<>();
    addWrapped(COLUMN, finding.setting() + "=" + finding.value(), text);
    addWrapped(COLUMN, finding.rule(), text);
    addWrapped(COLUMN, "Fix: " + finding.remedy(), text);
    text.set(0, head + text.get(0).substring(COLUMN.length()));
    lines.addAll(text);
    lines.add("");
  }

  private static void addWrapped(String indent, String text, List<String> lines) {
    Wrap.lines(text, Wrap.COLUMNS - indent.length()).forEach(line -> lines.add(indent + line));
  }

  private String summary() {
    long unsafe = count(Severity.UNSAFE);
    long warnings = count(Severity.WARNING);
    String counts =
        unsafe
            + " unsafe, "
            + warnings
            + " warning"
            + (warnings == 1 ? "" : "s")
            + ", "
            + count(Severity.ADVICE)
            + " for advice: ";
    if (unsafe > 0) {
      return counts + "not safe to run like this";
    }
    return counts + (warnings > 0 ? "it works, but not as most people would expect" : "safe");
  }

  private long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  /** As given where Kafka can use it, else the default; a finding says why. */
  private int number(String key) {
    try {
      int number = Integer.parseInt(settings.getProperty(key, "").strip());
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException unusable) {
      // the default counts
    }
    return ((Number) byDefault(key)).intValue();
  }

  private String effective(String key) {
    boolean isNumber = byDefault(key) instanceof Number;
    String given = settings.getProperty(key, "").strip();
    if (isNumber ? given.equals(String.valueOf(number(key))) : !given.isEmpty()) {
      return given;
    }
    return byDefault(key) + " (default)";
  }

  private static Object byDefault(String key) {
    return ConsumerConfig.configDef().defaultValues().get(key);
  }
}
