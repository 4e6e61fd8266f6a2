package io.github.safeconsumer;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown by {@code build()}: names every finding at once, each with the setting, its value, the
 * rule and the remedy. Warnings go along with what cannot work, since one often explains the other
 * (a misspelt key and a missing one).
 */
public final class ConfigurationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<Preflight.Finding> findings;

  public ConfigurationException(List<Preflight.Finding> findings) {
    super(
        findings.stream()
            .map(f -> "\n  - " + f)
            .collect(Collectors.joining("", unsafe(findings) + " setting(s) cannot work:", "")));
    this.findings = List.copyOf(findings);
  }

  private static long unsafe(List<Preflight.Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.severity() == Preflight.Severity.UNSAFE)
        .count();
  }

  /** What was found: first what cannot work, then warnings and advice. */
  public List<Preflight.Finding> findings() {
    return findings;
  }
}
