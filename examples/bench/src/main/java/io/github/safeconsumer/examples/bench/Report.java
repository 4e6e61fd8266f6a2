package io.github.safeconsumer.examples.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a scenario came to, as tables: one of costs, and one of latencies where it has any. */
final class Report {
  private static final List<Metric> RATIOS =
      List.of(Metric.RECORDS_PER_SECOND, Metric.CPU_SECONDS_PER_MILLION, Metric.BYTES_PER_RECORD);
  private static final List<Metric> PLAIN =
      List.of(
          Metric.PEAK_HEAP_MB,
          Metric.PEAK_LIVE_MB,
          Metric.COMMITS_PER_SECOND,
          Metric.LAST_COMMIT_MS);
  private static final List<Metric> LATENCIES =
      List.of(
          Metric.HANDLED_P50_MS,
          Metric.HANDLED_P99_MS,
          Metric.HANDLED_P999_MS,
          Metric.COMMITTED_P50_MS,
          Metric.COMMITTED_P99_MS,
          Metric.COMMITTED_P999_MS);

  private final ScenarioResult result;

  Report(ScenarioResult result) {
    this.result = result;
  }

  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    for (Variant variant : result.scenario().variants()) {
      tables.add(costs(variant));
      if (variant.work().latencies()) {
        tables.add(latencies(variant));
      }
      if (!variant.against().isEmpty()) {
        tables.add(growth(variant));
      }
    }
    return tables;
  }

  /** A live run is as fast as what produces its records. */
  private static List<Metric> ratios(Variant variant) {
    return RATIOS.stream()
        .filter(metric -> !variant.isLive() || metric != Metric.RECORDS_PER_SECOND)
        .toList();
  }

  private String title(Variant variant, String what) {
    Scenario scenario = result.scenario();
    return scenario.name()
        + (variant.name().isEmpty() ? "" : " " + variant.name())
        + ": "
        + scenario.description()
        + what;
  }

  private Table costs(Variant variant) {
    List<String> header = new ArrayList<>(List.of("subject"));
    boolean hasOwn = result.subjects().stream().anyMatch(subject -> ownBare(subject).isPresent());
    for (Metric metric : ratios(variant)) {
      header.addAll(List.of(metric.label(), "x " + variant.base()));
      if (hasOwn) {
        header.add("x own bare");
      }
    }
    boolean hasLimit = !Double.isNaN(variant.limitPerSecond());
    if (hasLimit) {
      header.add(Metric.OF_LIMIT.label());
    }
    PLAIN.forEach(metric -> header.add(metric.label()));
    Table table = Table.of(title(variant, ""), header.toArray(String[]::new));
    for (String subject : result.subjects()) {
      List<String> row = new ArrayList<>(List.of(subject));
      if (isMeasured(table, variant, subject, row)) {
        ratios(variant).forEach(metric -> addRatios(row, variant, subject, metric, hasOwn));
        if (hasLimit) {
          row.add(ratio(result.estimate(variant.name(), subject, Metric.OF_LIMIT)));
        }
        PLAIN.forEach(
            metric ->
                row.add(Metric.number(result.estimate(variant.name(), subject, metric).median())));
        table.row(row);
      }
    }
    noteRounds(table, variant);
    return table;
  }

  private void addRatios(
      List<String> row, Variant variant, String subject, Metric metric, boolean hasOwn) {
    row.add(Metric.number(result.estimate(variant.name(), subject, metric).median()));
    String base = variant.base();
    row.add(
        subject.equals(base) ? "1" : ratio(result.ratio(variant.name(), subject, base, metric)));
    if (hasOwn) {
      row.add(
          ownBare(subject)
              .map(own -> ratio(result.ratio(variant.name(), subject, own, metric)))
              .orElse(""));
    }
  }

  /** The bare client of the same version, where that is another than the newest. */
  private static Optional<String> ownBare(String subject) {
    return Optional.of(Subjects.find(subject).orElseThrow().ownBare())
        .filter(own -> !own.equals(Subjects.BARE) && !own.equals(subject));
  }

  private Table latencies(Variant variant) {
    List<String> header = new ArrayList<>(List.of("subject"));
    LATENCIES.forEach(metric -> header.add(metric.label()));
    Table table =
        Table.of(
            title(variant, "; from produced to handled, from handled to committed"),
            header.toArray(String[]::new));
    for (String subject : result.subjects()) {
      List<String> row = new ArrayList<>(List.of(subject));
      if (isMeasured(table, variant, subject, row)) {
        LATENCIES.forEach(
            metric -> row.add(interval(result.estimate(variant.name(), subject, metric))));
        table.row(row);
      }
    }
    noteRounds(table, variant);
    return table;
  }

  /** The subject's own figures, held against those in another variant. */
  private Table growth(Variant variant) {
    List<Metric> metrics = new ArrayList<>(ratios(variant));
    if (variant.work().latencies()) {
      metrics.addAll(
          0, List.of(Metric.HANDLED_P50_MS, Metric.HANDLED_P99_MS, Metric.HANDLED_P999_MS));
    }
    List<String> header = new ArrayList<>(List.of("subject"));
    metrics.forEach(metric -> header.add(metric.label()));
    Table table =
        Table.of(
            title(variant, ", as a ratio to " + variant.against()), header.toArray(String[]::new));
    for (String subject : result.subjects()) {
      List<String> row = new ArrayList<>(List.of(subject));
      if (isMeasured(table, variant, subject, row)) {
        metrics.forEach(
            metric ->
                row.add(ratio(result.growth(variant.name(), variant.against(), subject, metric))));
        table.row(row);
      }
    }
    noteRounds(table, variant);
    return table;
  }

  /** Where it is not, the row says why. What was measured before a failure stands beside it. */
  private boolean isMeasured(Table table, Variant variant, String subject, List<String> row) {
    result
        .failure(variant.name(), subject)
        .ifPresent(
            failure ->
                table.note(
                    "FAILED: %s in %s: %s"
                        .formatted(
                            subject,
                            failure.round() == 0 ? "a warm-up" : "round " + failure.round(),
                            failure.message().lines().findFirst().orElse(""))));
    if (result.estimate(variant.name(), subject, Metric.CPU_SECONDS_PER_MILLION).isKnown()) {
      return true;
    }
    row.add(
        result
            .skip(variant.name(), subject)
            .map(ScenarioResult.Skip::reason)
            .orElse("FAILED, no figures"));
    table.row(row);
    return false;
  }

  private void noteRounds(Table table, Variant variant) {
    int rounds =
        (int)
            result.runs().stream()
                .filter(run -> run.variant().equals(variant.name()))
                .mapToInt(ScenarioResult.Run::round)
                .distinct()
                .count();
    if (rounds > 0) {
      double confidence = Estimate.of(Collections.nCopies(rounds, 1.0)).confidence();
      table.note(
          String.format(
              Locale.ROOT,
              "Medians of %d rounds. Ratios are taken within a round; in brackets the interval of"
                  + " order statistics that holds the median with %.1f %%.",
              rounds,
              confidence * 100));
    }
  }

  private static String ratio(Estimate estimate) {
    if (!estimate.isKnown()) {
      return "-";
    }
    return "%s [%s, %s]"
        .formatted(
            Metric.ratio(estimate.median()),
            Metric.ratio(estimate.low()),
            Metric.ratio(estimate.high()));
  }

  private static String interval(Estimate estimate) {
    if (!estimate.isKnown()) {
      return "-";
    }
    return "%s [%s, %s]"
        .formatted(
            Metric.number(estimate.median()),
            Metric.number(estimate.low()),
            Metric.number(estimate.high()));
  }
}
