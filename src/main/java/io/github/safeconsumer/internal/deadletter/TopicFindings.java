package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import io.github.safeconsumer.internal.core.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is wrong with a dead-letter topic as it is. Pure: the facts come from {@link
 * DeadLetterTopicCheck}.
 */
final class TopicFindings {
  private static final String SETTING = "deadLetter";
  private static final long SHORT_RETENTION_MS = Duration.ofDays(1).toMillis();

  private TopicFindings() {}

  /**
   * A topic that exists.
   *
   * @param replicas the fewest of any partition
   * @param writable false where the broker says that this user may not write
   * @param config its settings; empty where this user may not see them
   * @param sourceBytes the largest record batch of its source topics, where known
   */
  record Facts(
      String topic,
      int replicas,
      boolean writable,
      Map<String, String> config,
      Optional<Long> sourceBytes) {}

  static List<Finding> of(Facts facts) {
    List<Finding> findings = new ArrayList<>();
    String topic = facts.topic();
    if (!facts.writable()) {
      findings.add(
          warning(
              topic,
              "the consumer's user may not write to it; dead letters would hold their lanes",
              "grant WRITE and DESCRIBE on topic " + topic));
    }
    if (facts.config().isEmpty()) {
      findings.add(
          warning(
              topic,
              "its settings could not be read for lack of permission, so they are not checked",
              "grant DESCRIBE_CONFIGS on topic "
                  + topic
                  + ", or make sure that it is not compacted and keeps records long enough"));
      return findings;
    }
    compaction(facts).ifPresent(findings::add);
    replicas(facts).ifPresent(findings::add);
    retention(facts).ifPresent(findings::add);
    size(facts).ifPresent(findings::add);
    return findings;
  }

  private static Optional<Finding> compaction(Facts facts) {
    return facts.config().getOrDefault("cleanup.policy", "").contains("compact")
        ? Optional.of(
            unsafe(
                facts.topic(),
                "it is compacted (cleanup.policy="
                    + facts.config().get("cleanup.policy")
                    + "), so a dead letter would erase earlier ones of its key",
                "set cleanup.policy=delete on topic " + facts.topic()))
        : Optional.empty();
  }

  /** Brokers from 4.0 on count no more replicas than there are, so it is no reason to refuse. */
  private static Optional<Finding> replicas(Facts facts) {
    long needed = number(facts, "min.insync.replicas").orElse(1L);
    return needed > facts.replicas()
        ? Optional.of(
            warning(
                facts.topic(),
                "min.insync.replicas="
                    + needed
                    + " with "
                    + facts.replicas()
                    + " replica(s): older brokers refuse every write that waits for all of them",
                "add replicas to topic " + facts.topic() + " or lower its min.insync.replicas"))
        : Optional.empty();
  }

  private static Optional<Finding> retention(Facts facts) {
    return number(facts, "retention.ms")
        .filter(ms -> ms >= 0 && ms < SHORT_RETENTION_MS)
        .map(
            ms ->
                warning(
                    facts.topic(),
                    "retention.ms="
                        + ms
                        + " removes dead letters within a day, perhaps before anyone has looked",
                    "set retention.ms of topic " + facts.topic() + " to a week or more"));
  }

  private static Optional<Finding> size(Facts facts) {
    Optional<Long> own = number(facts, "max.message.bytes");
    return facts
        .sourceBytes()
        .filter(source -> own.isPresent() && own.get() < source)
        .map(
            source ->
                warning(
                    facts.topic(),
                    "max.message.bytes="
                        + own.orElseThrow()
                        + " is below its source topic's "
                        + source
                        + ": large records lose their value there",
                    "set max.message.bytes of topic " + facts.topic() + " to at least " + source));
  }

  static Optional<Long> number(Map<String, String> config, String name) {
    try {
      String value = config.get(name);
      return value == null ? Optional.empty() : Optional.of(Long.valueOf(value.trim()));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(Facts facts, String name) {
    return number(facts.config(), name);
  }

  static Finding missing(String topic, int partitions) {
    return unsafe(
        topic,
        "the topic does not exist, so a record that no attempt can help would hold its lane",
        "create it"
            + (partitions > 0 ? " (with " + partitions + " partitions, as its source)" : "")
            + ", or use DeadLetterPolicy.createIfMissing()");
  }

  static Finding notCreated(String topic, String exceptionClass) {
    return unsafe(
        topic,
        "the topic does not exist and could not be created (" + exceptionClass + ")",
        "create it, or grant CREATE on topic " + topic);
  }

  static Finding notVisible(String topic) {
    return warning(
        topic,
        "the consumer's user may not look at it, so it is not checked",
        "grant DESCRIBE (and WRITE) on topic " + topic + ", or make sure it exists");
  }

  static Finding badName(String topic) {
    return unsafe(topic, "this is no valid topic name", "name one that " + TopicNames.RULE);
  }

  static Finding ownTopic(String topic) {
    return unsafe(
        topic,
        "this consumer reads the topic itself, so its dead letters would come back to it",
        "name another topic");
  }

  static Finding unchecked(String value, String rule) {
    return new Finding(
        Severity.ADVICE,
        SETTING,
        value,
        rule,
        "make sure that its topics exist and are not compacted");
  }

  private static Finding unsafe(String topic, String rule, String remedy) {
    return new Finding(Severity.UNSAFE, SETTING, topic, rule, remedy);
  }

  private static Finding warning(String topic, String rule, String remedy) {
    return new Finding(Severity.WARNING, SETTING, topic, rule, remedy);
  }
}
