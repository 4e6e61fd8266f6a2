package io.github.safeconsumer.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All that became of a scenario.
 *
 * @param subjects who was asked for, in this order
 */
record ScenarioResult(
    Scenario scenario,
    List<String> subjects,
    List<Run> runs,
    List<Failure> failures,
    List<Skip> skips) {

  /** A measured run that came to its end. */
  record Run(String variant, String subject, int round, Figures figures) {}

  /**
   * A run that did not.
   *
   * @param round 0 for one that would not have counted
   */
  record Failure(String variant, String subject, int round, String message) {}

  /** Why a subject was not run in a variant. */
  record Skip(String variant, String subject, String reason) {}

  static ScenarioResult begin(Scenario scenario, List<String> subjects) {
    return new ScenarioResult(
        scenario, List.copyOf(subjects), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** The figures of a subject over all rounds. */
  Estimate estimate(String variant, String subject, Metric metric) {
    return Estimate.of(
        runs.stream()
            .filter(run -> run.variant().equals(variant) && run.subject().equals(subject))
            .map(run -> run.figures().value(metric))
            .filter(value -> !value.isNaN())
            .toList());
  }

  /** Of each round the ratio of a figure to that of another subject, in the same variant. */
  Estimate ratio(String variant, String subject, String base, Metric metric) {
    return ratios(variant, subject, variant, base, metric);
  }

  /** Of each round the ratio of a figure to the subject's own in another variant. */
  Estimate growth(String variant, String baseVariant, String subject, Metric metric) {
    return ratios(variant, subject, baseVariant, subject, metric);
  }

  private Estimate ratios(
      String variant, String subject, String baseVariant, String base, Metric metric) {
    return Estimate.of(
        runs.stream()
            .filter(run -> run.variant().equals(variant) && run.subject().equals(subject))
            .map(run -> ratio(run, find(baseVariant, base, run.round()), metric))
            .filter(Objects::nonNull)
            .toList());
  }

  private static Double ratio(Run run, Optional<Run> base, Metric metric) {
    double value = run.figures().value(metric);
    double under = base.map(other -> other.figures().value(metric)).orElse(Double.NaN);
    double ratio = value / under;
    return Double.isNaN(ratio) || Double.isInfinite(ratio) ? null : ratio;
  }

  private Optional<Run> find(String variant, String subject, int round) {
    return runs.stream()
        .filter(run -> run.round() == round)
        .filter(run -> run.variant().equals(variant) && run.subject().equals(subject))
        .findFirst();
  }

  Optional<Failure> failure(String variant, String subject) {
    return failures.stream()
        .filter(failure -> failure.variant().equals(variant) && failure.subject().equals(subject))
        .findFirst();
  }

  Optional<Skip> skip(String variant, String subject) {
    return skips.stream()
        .filter(skip -> skip.variant().equals(variant) && skip.subject().equals(subject))
        .findFirst();
  }
}
