package io.github.safeconsumer.examples.demo.report;

import java.util.List;

/**
 * All that the page shows.
 *
 * @param kept whether every promise was
 * @param headline the result in one line
 * @param summary the result in sentences with numbers
 * @param series one for each group; the last is SafeConsumer's
 * @param figures how the groups stood in the end
 * @param promises what SafeConsumer promised, held against the evidence
 * @param others what became of the other group, in lines
 * @param findings what SafeConsumer's diagnosis said while it ran
 * @param facts what was run, and on what
 */
public record RunReport(
    boolean kept,
    String headline,
    List<String> summary,
    List<Series> series,
    List<Figure> figures,
    List<Promise> promises,
    List<String> others,
    List<Finding> findings,
    List<Fact> facts) {
  public RunReport {
    summary = List.copyOf(summary);
    series = List.copyOf(series);
    figures = List.copyOf(figures);
    promises = List.copyOf(promises);
    others = List.copyOf(others);
    findings = List.copyOf(findings);
    facts = List.copyOf(facts);
  }

  /** The time of the last sample. */
  double seconds() {
    return series.stream()
        .flatMap(one -> one.samples().stream())
        .mapToDouble(Sample::seconds)
        .max()
        .orElse(0);
  }
}
