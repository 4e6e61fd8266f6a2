package io.github.safeconsumer.examples.faults;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Says what evidence means. It asks no consumer, and no counter of one. */
final class Judge {
  /** So many deaths, or completions of the same record, are no accident any more. */
  private static final int OVER_AND_OVER = 3;

  private final Evidence evidence;
  private final Plan plan;
  private final Tally tally;
  private final Set<Place> deadLetters;

  private Judge(Evidence evidence) {
    this.evidence = evidence;
    plan = evidence.plan();
    tally = evidence.tally();
    deadLetters = new HashSet<>(evidence.deadLetters());
  }

  static Result of(Evidence evidence) {
    return new Judge(evidence).result();
  }

  private Result result() {
    List<Place> good = plan.goodPlaces();
    OptionalLong doneAt = tally.allDoneAt(good);
    return new Result(
        outcome(doneAt.isPresent()),
        good.stream().filter(place -> tally.completions(place) == 0).count(),
        plan.places().stream().filter(this::isLost).count(),
        tally.duplicates(),
        evidence.deadLetters(),
        plan.bad().stream().mapToInt(tally::attempts).max().orElse(0),
        evidence.deaths(),
        tally.rebalancesSince(evidence.startedAt()),
        doneAt.isPresent()
            ? Optional.of(Duration.ofMillis(doneAt.getAsLong() - evidence.startedAt()))
            : Optional.empty());
  }

  private Outcome outcome(boolean goodDone) {
    if (goodDone && allCommitted(plan, evidence.committed())) {
      return Outcome.DONE;
    }
    boolean overAndOver =
        evidence.deaths() - evidence.inflicted() >= OVER_AND_OVER
            || tally.mostCompletions() >= OVER_AND_OVER;
    return overAndOver ? Outcome.ENDLESS : Outcome.STUCK;
  }

  /** Whether the group has committed all that the plan holds. */
  static boolean allCommitted(Plan plan, List<Long> committed) {
    return committed.equals(plan.sizes().stream().map(Integer::longValue).toList());
  }

  private boolean isLost(Place place) {
    return tally.completions(place) == 0
        && !deadLetters.contains(place)
        && place.offset() < evidence.committed().get(place.partition());
  }
}
