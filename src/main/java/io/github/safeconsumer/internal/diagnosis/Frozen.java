package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.internal.diagnosis.Chronicle.Kind;
import io.github.safeconsumer.internal.diagnosis.Chronicle.Move;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The group shares out again and again, and nobody gets to work. */
final class Frozen {
  private static final Duration LATELY = Duration.ofMinutes(10);

  /** Assignments in that time that are no longer a deploy of two members. */
  private static final int STORM = 5;

  private Frozen() {}

  static void add(Facts facts, List<Cause> causes) {
    Instant now = facts.status().at();
    List<Move> lately =
        facts.moves().stream().filter(move -> !move.at().isBefore(now.minus(LATELY))).toList();
    List<Move> evictions = lately.stream().filter(Move::isEviction).toList();
    long assignments = lately.stream().filter(move -> move.kind() == Kind.ASSIGNED).count();
    if (!evictions.isEmpty()) {
      Move last = evictions.get(evictions.size() - 1);
      causes.add(
          new CauseBuilder("FROZEN_EVICTED")
              .says(
                  "this member was thrown out of its group "
                      + Words.count(evictions.size(), "time")
                      + " in "
                      + Words.time(LATELY)
                      + ", last "
                      + Words.time(Duration.between(last.at(), now))
                      + " ago: "
                      + last.reason())
              .number("evictions", evictions.size())
              .number("assignments", assignments)
              .millis("within", LATELY)
              .remedy(
                  "look for what stops the process (garbage collection, CPU limits, a suspended machine):"
                      + " handlers, however slow, do not"));
    }
    if (assignments - evictions.size() >= STORM) {
      long gained = sum(lately, Kind.ASSIGNED);
      long given = sum(lately, Kind.REVOKED);
      causes.add(
          new CauseBuilder("FROZEN_REBALANCES")
              .says(
                  Words.count(assignments, "assignment")
                      + " in "
                      + Words.time(LATELY)
                      + " ("
                      + Words.count(gained, "partition")
                      + " taken over, "
                      + given
                      + " handed over, "
                      + evictions.size()
                      + " times thrown out): other members come and go")
              .number("assignments", assignments)
              .number("evictions", evictions.size())
              .number("gained", gained)
              .number("given", given)
              .millis("within", LATELY)
              .remedy(
                  "find the member that comes and goes (examples/run doctor names it): a crash loop, an"
                      + " autoscaler, or too short a session.timeout.ms"));
    }
  }

  private static long sum(List<Move> moves, Kind kind) {
    return moves.stream().filter(move -> move.kind() == kind).mapToInt(Move::partitions).sum();
  }
}
