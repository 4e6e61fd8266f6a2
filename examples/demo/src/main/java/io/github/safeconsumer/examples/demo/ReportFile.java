package io.github.safeconsumer.examples.demo;

import io.github.safeconsumer.examples.demo.report.Fact;
import io.github.safeconsumer.examples.demo.report.Figure;
import io.github.safeconsumer.examples.demo.report.Promise;
import io.github.safeconsumer.examples.demo.report.ReportPage;
import io.github.safeconsumer.examples.demo.report.RunReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Puts together what the report shows, all of it seen in the run, and writes it. */
final class ReportFile {
  private final Timeline timeline;
  private final List<Fact> facts;

  ReportFile(Timeline timeline, List<Fact> facts) {
    this.timeline = timeline;
    this.facts = List.copyOf(facts);
  }

  /** Takes the naive group's standing first, then SafeConsumer's. */
  RunReport report(
      List<Standing> standings, boolean kept, List<Check> checks, List<String> ofNaive, long good) {
    Headline headline = Headline.of(standings.get(0), standings.get(1), kept, checks, good);
    return new RunReport(
        kept,
        headline.title(),
        headline.sentences(),
        standings.stream().map(standing -> timeline.of(standing.group())).toList(),
        Table.rows(standings).stream().map(row -> new Figure(row.label(), row.cells())).toList(),
        checks.stream()
            .map(check -> new Promise(check.name(), check.passed(), check.detail()))
            .toList(),
        ofNaive,
        timeline.findings(),
        facts);
  }

  /** Writes it, and the directories above it that are missing. */
  static void write(RunReport report, Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, ReportPage.of(report));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the report " + file, e);
    }
  }
}
