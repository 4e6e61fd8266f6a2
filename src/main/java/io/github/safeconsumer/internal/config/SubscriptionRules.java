package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.core.TopicNames;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which topics are read: exactly one of names and pattern. */
final class SubscriptionRules {
  private final Findings findings;

  SubscriptionRules(Findings findings) {
    this.findings = findings;
  }

  Subscription read(
      @Nullable List<String> topics,
      @Nullable Pattern pattern,
      @Nullable DeadLetterPolicy deadLetter) {
    if (topics != null && pattern != null) {
      findings.unsafe(
          "topics",
          Shown.text(topics) + " and the pattern " + Shown.text(pattern.pattern()),
          "names and a pattern exclude each other",
          "call topics(..) once, with names or with a pattern");
    } else if (pattern != null) {
      return new Subscription(List.of(), lessOwnTopics(pattern, deadLetter));
    } else if (topics == null || topics.isEmpty()) {
      findings.unsafe(
          "topics",
          topics == null ? Findings.UNSET : "[]",
          "at least one topic must be read",
          "call topics(\"...\") or topics(Pattern)");
    } else {
      checkNames(topics);
    }
    return new Subscription(
        topics == null ? List.of() : topics.stream().filter(name -> name != null).toList(), null);
  }

  private Pattern lessOwnTopics(Pattern pattern, @Nullable DeadLetterPolicy deadLetter) {
    Optional<Pattern> less =
        deadLetter == null ? Optional.of(pattern) : OwnTopics.excludedFrom(pattern, deadLetter);
    if (less.isEmpty()) {
      findings.unsafe(
          "topics",
          Shown.text(pattern.pattern()),
          "the dead-letter topics must be kept out, and the pattern cannot be put inside another",
          "close every quotation, comment and group in it");
    }
    return less.orElse(pattern);
  }

  private void checkNames(List<String> topics) {
    Set<String> seen = new HashSet<>();
    Set<String> repeated = new LinkedHashSet<>();
    for (String name : topics) {
      if (name == null) {
        findings.unsafe("topics", "null", "a topic's name " + TopicNames.RULE, "name the topic");
      } else if (!TopicNames.legal(name)) {
        findings.unsafe(
            "topics",
            '"' + Shown.text(name) + '"',
            "a topic's name " + TopicNames.RULE,
            "correct the name");
      } else if (!seen.add(name) && repeated.add(name)) {
        findings.unsafe("topics", name, "a topic must be named once", "remove the repetition");
      }
    }
  }
}
