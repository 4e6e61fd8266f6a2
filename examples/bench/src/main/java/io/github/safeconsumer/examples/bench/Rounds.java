package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.examples.bench.ScenarioResult.Failure;
import io.github.safeconsumer.examples.bench.ScenarioResult.Run;
import io.github.safeconsumer.examples.bench.ScenarioResult.Skip;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs all subjects of a scenario: first each alone to warm it up, then round after round, in each
 * round everybody once, in an order that is shuffled anew. So whatever disturbs the machine for a
 * while disturbs all of them, and ratios are taken within a round.
 */
final class Rounds {
  private final Options options;
  private final ClassPaths classPaths;
  private final RunOnce once;
  private final Random random;
  private final Consumer<String> progress;

  Rounds(Options options, ClassPaths classPaths, RunOnce once, Consumer<String> progress) {
    this.options = options;
    this.classPaths = classPaths;
    this.once = once;
    this.random = new Random(options.seed());
    this.progress = progress;
  }

  /** One subject in one variant. */
  private record Entry(Variant variant, SubjectKind kind) {}

  ScenarioResult run(Scenario scenario) throws InterruptedException {
    List<String> names = options.subjects().isEmpty() ? scenario.subjects() : options.subjects();
    ScenarioResult result = ScenarioResult.begin(scenario, names);
    List<Entry> entries = entries(scenario, names, result);
    Map<String, Child> children = new LinkedHashMap<>();
    Set<String> givenUp = new HashSet<>();
    try {
      for (int warmUp = 0; warmUp < options.warmUps(); warmUp++) {
        for (Entry entry : entries) {
          run(entry, 0, children, givenUp, result);
        }
      }
      for (int round = 1; round <= options.rounds(); round++) {
        for (Entry entry : shuffled(scenario, entries)) {
          run(entry, round, children, givenUp, result);
        }
      }
    } finally {
      children.values().forEach(Child::close);
    }
    return result;
  }

  private List<Entry> entries(Scenario scenario, List<String> names, ScenarioResult result) {
    List<Entry> entries = new ArrayList<>();
    for (Variant variant : scenario.variants()) {
      for (String name : names) {
        SubjectKind kind = Subjects.find(name).orElseThrow();
        Optional<String> reason = whyNot(kind, variant);
        reason.ifPresentOrElse(
            why -> result.skips().add(new Skip(variant.name(), name, why)),
            () -> entries.add(new Entry(variant, kind)));
      }
    }
    return entries;
  }

  private Optional<String> whyNot(SubjectKind kind, Variant variant) {
    if (classPaths.find(kind.classPath()).isEmpty()) {
      return Optional.of("NOT BUILT: peers/" + kind.classPath() + " has no class path");
    }
    int wanted = variant.concurrency() * variant.members();
    int most = kind.atOnce(variant);
    if (!Double.isNaN(variant.limitPerSecond()) && most < wanted) {
      return Optional.of("at most " + most + " at once here, not " + wanted);
    }
    return Optional.empty();
  }

  /** Subjects of a variant run close to each other; both they and variants change places. */
  private List<Entry> shuffled(Scenario scenario, List<Entry> entries) {
    List<Variant> variants = new ArrayList<>(scenario.variants());
    Collections.shuffle(variants, random);
    List<Entry> order = new ArrayList<>();
    for (Variant variant : variants) {
      List<Entry> group =
          new ArrayList<>(entries.stream().filter(entry -> entry.variant() == variant).toList());
      Collections.shuffle(group, random);
      order.addAll(group);
    }
    return order;
  }

  /** A subject that has failed once is out for the rest of the scenario. */
  private void run(
      Entry entry,
      int round,
      Map<String, Child> children,
      Set<String> givenUp,
      ScenarioResult result)
      throws InterruptedException {
    String name = entry.kind().name();
    String variant = entry.variant().name();
    if (givenUp.contains(name)) {
      return;
    }
    String what = result.scenario().name() + (variant.isEmpty() ? "" : " " + variant) + " " + name;
    String when = round == 0 ? "warm-up" : "round " + round;
    try {
      Child child = children.get(name);
      if (child == null) {
        child = start(result.scenario(), entry.kind());
        children.put(name, child);
        child.awaitReady();
      }
      Figures figures = once.run(child, entry.kind(), entry.variant());
      progress.accept(when + "  " + what + ": " + brief(figures));
      if (round > 0) {
        result.runs().add(new Run(variant, name, round, figures));
      }
    } catch (ChildFailure e) {
      progress.accept(when + "  " + what + " FAILED: " + e.getMessage());
      result.failures().add(new Failure(variant, name, round, e.getMessage()));
      givenUp.add(name);
      Optional.ofNullable(children.remove(name)).ifPresent(Child::close);
    }
  }

  private static String brief(Figures figures) {
    Metric metric =
        Double.isNaN(figures.value(Metric.RECORDS_PER_SECOND))
            ? Metric.HANDLED_P99_MS
            : Metric.RECORDS_PER_SECOND;
    return Metric.number(figures.value(metric)) + " " + metric.label();
  }

  private Child start(Scenario scenario, SubjectKind kind) {
    Path log = options.directory().resolve(scenario.name() + "-" + kind.name() + ".log");
    String classPath = classPaths.find(kind.classPath()).orElseThrow();
    return new Child(kind.name(), classPath, log);
  }
}
