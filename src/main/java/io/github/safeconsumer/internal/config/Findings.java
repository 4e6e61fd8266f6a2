package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what the checks find, so that one build() names everything. */
final class Findings {
  static final String UNSET = "unset";

  private final List<Finding> all = new ArrayList<>();

  void unsafe(String setting, String value, String rule, String remedy) {
    all.add(new Finding(Severity.UNSAFE, setting, value, rule, remedy));
  }

  void warning(String setting, String value, String rule, String remedy) {
    all.add(new Finding(Severity.WARNING, setting, value, rule, remedy));
  }

  void advice(String setting, String value, String rule, String remedy) {
    all.add(new Finding(Severity.ADVICE, setting, value, rule, remedy));
  }

  /**
   * Refuses the configuration if anything in it is unsafe. The warnings go along, after what is
   * unsafe: a misspelt key is often the reason why another one is missing.
   */
  void refuseUnsafe() {
    if (all.stream().anyMatch(finding -> finding.severity() == Severity.UNSAFE)) {
      throw new ConfigurationException(
          all.stream().sorted(Comparator.comparing(Finding::severity).reversed()).toList());
    }
  }

  /** What does not forbid the start. */
  List<Finding> advice() {
    return all.stream().filter(finding -> finding.severity() != Severity.UNSAFE).toList();
  }
}
