package io.github.safeconsumer;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown by {@code build()}: names every finding at once, each with the setting, its value, the rule and the remedy. */
public final class ConfigurationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<Preflight.Finding> findings;

  public ConfigurationException(List<Preflight.Finding> findings) {
    super(
        findings.stream()
            .map(f -> "\n  - " + f)
            .collect(Collectors.joining("", findings.size() + " setting(s) cannot work:", "")));
    this.findings = List.copyOf(findings);
  }

  /** What was found, in the order of the settings. */
  public List<Preflight.Finding> findings() {
    return findings;
  }
}
