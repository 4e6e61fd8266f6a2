package io.github.safeconsumer;

import java.util.Objects;

/** What a check of the configuration finds before anything connects. */
public final class Preflight {
  private Preflight() {}

  /** What becomes of relations between times that make a consumer unsafe. */
  public enum Mode {
    /** build() refuses them, the default. */
    ENFORCE,
    /** They are logged as warnings at start. What cannot work at all is refused nevertheless. */
    WARN_ONLY
  }

  /** How much a finding matters. */
  public enum Severity {
    /** Worth knowing; works. */
    ADVICE,
    /** Works, but not as most people would expect. Logged at start. */
    WARNING,
    /** Cannot work or breaks a guarantee: refused. */
    UNSAFE
  }

  /**
   * One finding.
   *
   * @param severity how much it matters
   * @param setting the builder method or Kafka property
   * @param value the value given, "unset" where none was; never a secret
   * @param rule what must hold, and why
   * @param remedy what to do
   */
  public record Finding(
      Severity severity, String setting, String value, String rule, String remedy) {
    public Finding {
      Objects.requireNonNull(severity, "severity");
      Objects.requireNonNull(setting, "setting");
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(remedy, "remedy");
    }

    @Override
    public String toString() {
      return severity + " " + setting + "=" + value + ": " + rule + ". Remedy: " + remedy;
    }
  }
}
