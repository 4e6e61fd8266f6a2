package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.AlertPolicy;
import io.github.safeconsumer.Cause;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.internal.diagnosis.Alarms.Condition;
import io.github.safeconsumer.internal.diagnosis.Chronicle.Kind;
import io.github.safeconsumer.internal.diagnosis.Chronicle.Move;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which of the things that an {@link AlertPolicy} watches are the case now. */
public final class AlertConditions {
  private static final Duration HOUR = Duration.ofHours(1);

  /** What somebody has asked for is no incident. */
  private static final Set<String> ASKED_FOR =
      Set.of("BLOCKED_PAUSED", "BLOCKED_SUSPENDED", "BLOCKED_SPENDING");

  private final AlertPolicy policy;
  private final Facts facts;
  private final Chronicle chronicle;
  private final Instant now;
  private final List<Condition> conditions = new ArrayList<>();

  private AlertConditions(AlertPolicy policy, Facts facts, Chronicle chronicle) {
    this.policy = policy;
    this.facts = facts;
    this.chronicle = chronicle;
    this.now = facts.status().at();
  }

  /** All of them. */
  public static List<Condition> of(AlertPolicy policy, Facts facts, Chronicle chronicle) {
    AlertConditions all = new AlertConditions(policy, facts, chronicle);
    all.addLag();
    all.addAge();
    all.addBlocked();
    all.addRebalances();
    all.addDeadLetters();
    all.addUncleanEnds();
    return all.conditions;
  }

  private void addLag() {
    if (policy.lag().isEmpty()) {
      return;
    }
    long most = policy.lag().getAsLong();
    long lag = facts.status().partitions().stream().mapToLong(one -> one.lag().orElse(0)).sum();
    if (lag > most) {
      add(
          "lag",
          "",
          Words.count(lag, "record") + " behind, over " + Words.count(most),
          policy.lagFor());
    }
  }

  private void addAge() {
    if (policy.age().isEmpty()) {
      return;
    }
    Duration most = policy.age().get();
    Optional<PartitionStatus> oldest =
        facts.status().partitions().stream()
            .filter(one -> one.oldestAge().isPresent())
            .max(Comparator.comparing(one -> one.oldestAge().orElseThrow()));
    oldest
        .filter(one -> one.oldestAge().orElseThrow().compareTo(most) > 0)
        .ifPresent(
            one ->
                add(
                    "age",
                    "",
                    "the oldest record not done is "
                        + Words.time(one.oldestAge().orElseThrow())
                        + " old, in "
                        + one.partition()
                        + "; over "
                        + Words.time(most),
                    policy.ageFor()));
  }

  private void addBlocked() {
    if (policy.blockedFor().isEmpty()) {
      return;
    }
    for (Cause cause : Blocked.all(facts)) {
      if (!ASKED_FOR.contains(cause.code())) {
        Object topic = cause.numbers().get("topic");
        String subject =
            topic == null ? cause.code() : topic + "-" + cause.numbers().get("partition");
        add("blocked", subject, cause.code() + ": " + cause.evidence(), policy.blockedFor().get());
      }
    }
  }

  private void addRebalances() {
    if (policy.assignments().isEmpty()) {
      return;
    }
    Duration within = policy.assignmentsWithin();
    List<Move> moves = chronicle.movesSince(now.minus(within));
    long assignments = moves.stream().filter(move -> move.kind() == Kind.ASSIGNED).count();
    long evictions = moves.stream().filter(Move::isEviction).count();
    if (evictions > 0 || assignments >= policy.assignments().getAsInt()) {
      add(
          "rebalances",
          "",
          Words.count(assignments, "assignment")
              + " and "
              + Words.count(evictions, "eviction")
              + " of this member in "
              + Words.time(within),
          Duration.ZERO);
    }
  }

  private void addDeadLetters() {
    if (policy.deadLetters().isEmpty()) {
      return;
    }
    int count = chronicle.deadLettersSince(now.minus(policy.deadLettersWithin()));
    if (count >= policy.deadLetters().getAsInt()) {
      add(
          "dead-letters",
          "",
          Words.count(count, "dead letter") + " in " + Words.time(policy.deadLettersWithin()),
          Duration.ZERO);
    }
  }

  private void addUncleanEnds() {
    if (policy.uncleanEndsAnHour().isEmpty()) {
      return;
    }
    int count = chronicle.uncleanEndsSince(now.minus(HOUR));
    if (count >= policy.uncleanEndsAnHour().getAsInt()) {
      add(
          "unclean-ends",
          "",
          "of the partitions taken over here, "
              + Words.count(count, "owner")
              + " had died within an hour",
          Duration.ZERO);
    }
  }

  private void add(String name, String subject, String evidence, Duration after) {
    conditions.add(new Condition(name, subject, evidence, after));
  }
}
