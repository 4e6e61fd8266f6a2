package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what the checks find, so that one build() names everything. */
final class Findings {
  static final String UNSET = "unset";

  private final List<Finding> all = new ArrayList<>();
  private final Severity ofTimes;

  Findings() {
    this(Preflight.Mode.ENFORCE);
  }

  Findings(Preflight.Mode mode) {
    this.ofTimes = mode == Preflight.Mode.ENFORCE ? Severity.UNSAFE : Severity.WARNING;
  }

  /** What cannot work at all, or breaks a guarantee whatever the times are. */
  void unsafe(String setting, String value, String rule, String remedy) {
    all.add(new Finding(Severity.UNSAFE, setting, value, rule, remedy));
  }

  /**
   * Times that do not fit together: whether they are refused is the caller's choice, since it rests
   * on figures that may be mere estimates.
   */
  void unsafeTimes(String setting, String value, String rule, String remedy) {
    all.add(new Finding(ofTimes, setting, value, rule, remedy));
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
    if (hasUnsafe()) {
      throw new ConfigurationException(all());
    }
  }

  boolean hasUnsafe() {
    return all.stream().anyMatch(finding -> finding.severity() == Severity.UNSAFE);
  }

  /** Everything, the most severe first. */
  List<Finding> all() {
    return all.stream().sorted(Comparator.comparing(Finding::severity).reversed()).toList();
  }

  /** What does not forbid the start. */
  List<Finding> advice() {
    return all.stream().filter(finding -> finding.severity() != Severity.UNSAFE).toList();
  }
}
