package io.github.safeconsumer;

import io.github.safeconsumer.internal.config.LoopCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a check of the configuration finds before anything connects. */
public final class Preflight {
  private Preflight() {}

  /**
   * Judges the Kafka settings of a hand-written loop, as most programs have it: poll, handle each
   * record on the same thread, commit, poll again. Connects to nothing. For both group protocols:
   * the work of a poll against {@code max.poll.interval.ms} ({@link PollBudget}), heartbeat and
   * session, blocking calls, request time-outs, what a protocol forbids, and what is merely worth
   * knowing.
   *
   * <p>{@link SafeConsumer.Builder#build()} judges the settings of a SafeConsumer, whose loop keeps
   * within the budget by itself.
   *
   * @param kafka consumer settings, {@code Properties} or a map; what is left out counts as Kafka's
   *     default, and brokers, group and deserializers may be missing
   * @param latency how long one record takes in the handler
   * @return findings, the most severe first; a value that means nothing is a finding too. Secrets
   *     are in none
   */
  public static List<Finding> check(Map<?, ?> kafka, Duration latency) {
    return LoopCheck.findings(
        Objects.requireNonNull(kafka, "kafka"), Objects.requireNonNull(latency, "latency"));
  }

  /** What {@code build()} makes of times that do not fit together. */
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
