package io.github.safeconsumer.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/** Which figures of a scenario are drawn. */
final class Plot {
  private final ScenarioResult result;

  Plot(ScenarioResult result) {
    this.result = result;
  }

  String svg() {
    Scenario scenario = result.scenario();
    List<Panel> panels = new ArrayList<>();
    scenario.variants().forEach(variant -> panels.addAll(panels(variant)));
    return Svg.of(scenario.name() + ": " + scenario.description(), panels);
  }

  private List<Panel> panels(Variant variant) {
    if (!variant.against().isEmpty()) {
      return growth(variant);
    }
    if (variant.isLive()) {
      return List.of(
          latency(variant, Metric.HANDLED_P99_MS, "produced to handled, p99, ms"),
          latency(variant, Metric.COMMITTED_P99_MS, "handled to committed, p99, ms"));
    }
    if (!Double.isNaN(variant.limitPerSecond())) {
      return List.of(
          panel(
              variant,
              "records/s, as a share of concurrency / latency",
              1,
              Metric::ratio,
              subject -> result.estimate(variant.name(), subject, Metric.OF_LIMIT)));
    }
    return List.of(
        toBare(variant, Metric.RECORDS_PER_SECOND, "records/s, ratio to bare (more is better)"),
        toBare(
            variant,
            Metric.CPU_SECONDS_PER_MILLION,
            "CPU of a record, ratio to bare (less is better)"),
        toBare(
            variant,
            Metric.BYTES_PER_RECORD,
            "bytes allocated for a record, ratio to bare (less is better)"));
  }

  private List<Panel> growth(Variant variant) {
    Metric metric = variant.isLive() ? Metric.HANDLED_P99_MS : Metric.CPU_SECONDS_PER_MILLION;
    String title = metric.meaning() + ", ratio to " + variant.against() + " (1 is best)";
    return List.of(
        panel(
            variant,
            title,
            1,
            Metric::ratio,
            subject -> result.growth(variant.name(), variant.against(), subject, metric)));
  }

  private Panel latency(Variant variant, Metric metric, String title) {
    return panel(
        variant,
        title,
        Double.NaN,
        Metric::number,
        subject -> result.estimate(variant.name(), subject, metric));
  }

  private Panel toBare(Variant variant, Metric metric, String title) {
    return panel(
        variant,
        title,
        1,
        Metric::ratio,
        subject -> result.ratio(variant.name(), subject, Subjects.BARE, metric));
  }

  private Panel panel(
      Variant variant,
      String title,
      double reference,
      DoubleFunction<String> format,
      Function<String, Estimate> figure) {
    List<Panel.Bar> bars =
        result.subjects().stream()
            .filter(subject -> result.skip(variant.name(), subject).isEmpty())
            .map(subject -> new Panel.Bar(subject, figure.apply(subject)))
            .toList();
    String prefix = variant.name().isEmpty() ? "" : variant.name() + ": ";
    return new Panel(prefix + title, bars, reference, format);
  }
}
