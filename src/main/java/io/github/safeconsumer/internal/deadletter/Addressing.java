package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.config.Subscription;
import io.github.safeconsumer.internal.core.FailureClassifier;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.core.TopicNames;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds a letter's topic and applies redact(). Both can be the user's code and do anything; what
 * they throw or return never reaches a log, because it can hold data of the record: class names
 * only, and no name that is not a valid topic name.
 */
final class Addressing {
  private final DeadLetterPolicy policy;
  private final Subscription subscription;

  Addressing(DeadLetterPolicy policy, Subscription subscription) {
    if (policy.kind() == DeadLetterPolicy.Kind.NONE) {
      throw new IllegalArgumentException("deadLetter=none() has no topic to write to");
    }
    this.policy = policy;
    this.subscription = subscription;
  }

  /** What to send where; or why that cannot be said. */
  record Addressed(String topic, @Nullable DeadLetter letter, String reason, String remedy) {
    static Addressed refused(String reason, String remedy) {
      return new Addressed("", null, reason, remedy);
    }
  }

  /**
   * @param failure of the letter, where it is at hand
   */
  Addressed address(DeadLetter letter, @Nullable Throwable failure) {
    String topic;
    DeadLetter redacted;
    String running = "the function of DeadLetterPolicy.routed()";
    try {
      // The route is asked before redact(), which may remove what it goes by.
      topic = destination(letter, failure).orElseGet(() -> topic(letter));
      running = "DeadLetterPolicy.redact()";
      redacted = policy.redact().apply(letter);
    } catch (Throwable broken) {
      return Addressed.refused(
          running + " threw " + SafeThrowables.className(broken), "correct it and restart");
    } finally {
      // The user's code ran on our thread; an interrupt that it left behind would hit our next
      // send.
      Thread.interrupted();
    }
    if (topic == null) {
      return Addressed.refused(
          "the function of DeadLetterPolicy.routed() returned null",
          "make it name a topic for every dead letter and restart");
    }
    if (redacted == null) {
      return Addressed.refused(
          "DeadLetterPolicy.redact() returned null", "make it return a dead letter and restart");
    }
    if (!TopicNames.legal(topic)) {
      return Addressed.refused(
          "the dead-letter topic's name (" + topic.length() + " characters) is no valid topic name",
          "name one that " + TopicNames.RULE + ", and restart");
    }
    if (subscription.covers(topic)) {
      return Addressed.refused(
          "this consumer reads topic "
              + topic
              + " itself, so its dead letters would come back to it",
          "name another dead-letter topic and restart");
    }
    return new Addressed(topic, redacted, "", "");
  }

  /** Of the rules for exceptions the last that matches, where there is one. */
  private Optional<String> destination(DeadLetter letter, @Nullable Throwable failure) {
    List<DeadLetterPolicy.Destination> rules = policy.destinations();
    if (rules.isEmpty()) {
      return Optional.empty();
    }
    List<Throwable> chain = failure == null ? List.of() : FailureClassifier.chain(failure);
    for (int i = rules.size() - 1; i >= 0; i--) {
      DeadLetterPolicy.Destination rule = rules.get(i);
      for (Class<? extends Throwable> type : rule.types()) {
        // Without the exception its name has to do, and tells nothing of superclasses and causes.
        if (chain.stream().anyMatch(type::isInstance)
            || (failure == null && type.getName().equals(letter.exceptionClass()))) {
          return Optional.of(rule.topic());
        }
      }
    }
    return Optional.empty();
  }

  private @Nullable String topic(DeadLetter letter) {
    return switch (policy.kind()) {
      case TOPIC -> policy.name();
      case SUFFIX -> letter.origin().topic() + policy.name();
      case ROUTED -> route().apply(letter);
      case NONE -> throw new IllegalStateException("none() has no topic");
    };
  }

  private Function<DeadLetter, String> route() {
    return Objects.requireNonNull(policy.route(), "route");
  }
}
