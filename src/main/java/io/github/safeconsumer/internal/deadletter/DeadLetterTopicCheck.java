package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.config.Subscription;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.core.TopicNames;
import io.github.safeconsumer.internal.deadletter.TopicAdmin.Look;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Looks at the dead-letter topics before the first record is read, and creates missing ones where
 * the policy says so. A topic that the user may not look at is no reason not to start: clusters are
 * often locked down, and the first letter will tell.
 */
public final class DeadLetterTopicCheck {
  /** How long all of it takes at most. */
  public static final Duration BOUND = Duration.ofSeconds(30);

  private final DeadLetterPolicy policy;
  private final Subscription subscription;
  private final TopicAdmin admin;
  private final List<Finding> findings = new ArrayList<>();

  private DeadLetterTopicCheck(
      Admin admin, DeadLetterPolicy policy, Subscription subscription, Duration bound) {
    this.admin = new TopicAdmin(admin, bound);
    this.policy = policy;
    this.subscription = subscription;
  }

  /** {@link #check(Admin, DeadLetterPolicy, Subscription, Duration)} within {@link #BOUND}. */
  public static List<Finding> check(Admin admin, Settings<?, ?> settings) {
    return check(admin, settings.deadLetter(), settings.subscription(), BOUND);
  }

  /**
   * Blocks: for a helper thread. With an UNSAFE finding the consumer must not start.
   *
   * @throws org.apache.kafka.common.KafkaException when the cluster gives no answer: try again
   *     later
   */
  public static List<Finding> check(
      Admin admin, DeadLetterPolicy policy, Subscription subscription, Duration bound) {
    return new DeadLetterTopicCheck(admin, policy, subscription, bound).run();
  }

  private List<Finding> run() {
    switch (policy.kind()) {
      case NONE -> {}
      case ROUTED -> {
        findings.add(
            TopicFindings.unchecked(
                "routed(..)",
                "its topics are named record by record, so none is checked at start"));
        checkAll(withDestinations(new TreeMap<>()));
      }
      case TOPIC, SUFFIX -> checkAll(withDestinations(targets()));
    }
    return List.copyOf(findings);
  }

  /** Dead-letter topics, each with the source topics that feed it. */
  private Map<String, Set<String>> targets() {
    Map<String, Set<String>> targets = new TreeMap<>();
    for (String source : sources()) {
      String target =
          policy.kind() == DeadLetterPolicy.Kind.SUFFIX ? source + policy.name() : policy.name();
      targets.computeIfAbsent(target, t -> new TreeSet<>()).add(source);
    }
    if (policy.kind() == DeadLetterPolicy.Kind.TOPIC) {
      // A pattern that matches nothing yet feeds it all the same.
      targets.computeIfAbsent(policy.name(), t -> new TreeSet<>());
    } else if (targets.isEmpty()) {
      findings.add(
          TopicFindings.unchecked(
              "suffix(" + policy.name() + ")",
              "no topic matches the pattern now, so no dead-letter topic is checked"));
    }
    return targets;
  }

  /** Any source can feed a topic that is there for an exception. */
  private Map<String, Set<String>> withDestinations(Map<String, Set<String>> targets) {
    if (!policy.destinations().isEmpty()) {
      List<String> sources = sources();
      policy
          .destinations()
          .forEach(to -> targets.computeIfAbsent(to.topic(), t -> new TreeSet<>()).addAll(sources));
    }
    return targets;
  }

  private List<String> sources() {
    return subscription.pattern() == null
        ? subscription.topics()
        : admin.names().stream().filter(subscription::covers).sorted().toList();
  }

  private void checkAll(Map<String, Set<String>> targets) {
    if (targets.isEmpty()) {
      return;
    }
    targets
        .keySet()
        .removeIf(
            topic -> {
              boolean valid = TopicNames.legal(topic);
              boolean own = subscription.covers(topic);
              if (!valid || own) {
                findings.add(valid ? TopicFindings.ownTopic(topic) : TopicFindings.badName(topic));
              }
              return !valid || own;
            });
    Set<String> all = new TreeSet<>(targets.keySet());
    targets.values().forEach(all::addAll);
    Map<String, Look> looks = admin.look(all);
    targets.forEach((target, sources) -> check(target, sources, looks));
  }

  private void check(String target, Set<String> sources, Map<String, Look> looks) {
    List<Look> seen = sources.stream().map(looks::get).filter(Objects::nonNull).toList();
    Look look = Objects.requireNonNull(looks.get(target), target);
    switch (look.result()) {
      case HIDDEN -> findings.add(TopicFindings.notVisible(target));
      case MISSING -> missing(target, seen);
      case SEEN ->
          findings.addAll(
              TopicFindings.of(
                  new TopicFindings.Facts(
                      target, look.replicas(), look.writable(), look.config(), largest(seen))));
    }
  }

  private void missing(String target, List<Look> sources) {
    int partitions = sources.stream().mapToInt(Look::partitions).max().orElse(0);
    if (!policy.createsIfMissing()) {
      findings.add(TopicFindings.missing(target, partitions));
      return;
    }
    try {
      admin.create(target, partitions, largest(sources));
    } catch (RetriableException notNow) {
      throw notNow;
    } catch (RuntimeException refused) {
      findings.add(TopicFindings.notCreated(target, SafeThrowables.className(refused)));
    }
  }

  private static Optional<Long> largest(List<Look> sources) {
    return sources.stream()
        .flatMap(s -> TopicFindings.number(s.config(), "max.message.bytes").stream())
        .max(Long::compare);
  }
}
