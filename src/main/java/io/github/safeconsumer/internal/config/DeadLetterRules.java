package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.DeadLetterPolicy.Kind;
import io.github.safeconsumer.internal.core.TopicNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where dead letters go: never to a topic that is read, and to one that can exist. */
final class DeadLetterRules {
  private static final String SETTING = "deadLetter";

  private final Findings findings;
  private final boolean configProviders;

  DeadLetterRules(Findings findings, boolean configProviders) {
    this.findings = findings;
    this.configProviders = configProviders;
  }

  /**
   * The policy as it is used: with the producer's numbers in the type in which the client wants
   * them.
   */
  @Nullable DeadLetterPolicy check(@Nullable DeadLetterPolicy policy, List<String> topics) {
    if (policy == null) {
      findings.unsafe(
          SETTING,
          Findings.UNSET,
          "where records go that no attempt can help is the team's decision: name, retention, access and personal data",
          "call deadLetter(DeadLetterPolicy.toTopic(..)), suffix(..), routed(..), or none() to hold such a record's partition");
      return null;
    }
    if (policy.kind() == Kind.TOPIC) {
      checkTopic("toTopic(\"" + policy.name() + "\")", policy.name(), topics);
    } else if (policy.kind() == Kind.SUFFIX) {
      topics.forEach(topic -> checkSuffix(topic, policy.name(), topics));
    } else if (policy.createsIfMissing()) {
      checkCreation(policy.kind());
    }
    policy.destinations().forEach(to -> checkDestination(policy.kind(), to.topic(), topics));
    if (policy.kind() == Kind.NONE) {
      checkUnused(policy);
      return policy;
    }
    KafkaProperties producer =
        new DeadLetterProducerRules(findings, DeadLetterProducerRules.PREFIX)
            .check(policy.producer(), configProviders);
    return policy.producer(producer.forClient());
  }

  private void checkDestination(Kind kind, String name, List<String> topics) {
    String value = "on(\"" + name + "\", ..)";
    if (kind == Kind.NONE) {
      findings.unsafe(
          SETTING,
          "none()." + value,
          "none() writes no dead letters, so there is none to go there",
          "use toTopic(..), suffix(..) or routed(..), or leave on(..) out");
    } else {
      checkTopic(value, name, topics);
    }
  }

  private void checkTopic(String value, String name, List<String> topics) {
    if (!TopicNames.legal(name)) {
      findings.unsafe(SETTING, value, "a topic's name " + TopicNames.RULE, "choose another name");
    } else if (topics.contains(name)) {
      refuseLoop(value, name);
    }
  }

  private void checkSuffix(String topic, String suffix, List<String> topics) {
    String name = topic + suffix;
    String value = "suffix(\"" + suffix + "\")";
    if (topics.contains(name)) {
      refuseLoop(value, name);
    } else if (name.length() > TopicNames.LONGEST) {
      findings.unsafe(
          SETTING,
          value,
          "a topic's name has at most "
              + TopicNames.LONGEST
              + " characters: the dead letters of "
              + Shown.text(topic)
              + " would go to a name of "
              + name.length(),
          "use a shorter suffix, toTopic(..) or routed(..)");
    }
  }

  private void refuseLoop(String value, String name) {
    findings.unsafe(
        SETTING,
        value,
        "dead letters must not go to a topic that is read: "
            + name
            + " is among the topics, so each would be read and fail again, without end",
        "choose another dead-letter topic, or do not read " + name);
  }

  private void checkCreation(Kind kind) {
    if (kind == Kind.ROUTED) {
      findings.unsafe(
          SETTING,
          "routed(..).createIfMissing()",
          "topics that a function names are not known before there is a dead letter, so they cannot be created at start",
          "create them yourself, or use toTopic(..) or suffix(..)");
    }
  }

  private void checkUnused(DeadLetterPolicy policy) {
    if (policy.createsIfMissing() || !policy.producer().isEmpty()) {
      findings.advice(
          SETTING,
          policy.createsIfMissing() ? "none().createIfMissing()" : "none().producer(..)",
          "without a dead-letter topic there is nothing to create and no producer: it has no effect",
          "remove it, or name a dead-letter topic");
    }
  }
}
