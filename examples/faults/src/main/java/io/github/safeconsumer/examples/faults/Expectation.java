package io.github.safeconsumer.examples.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What SafeConsumer has to come to. All good records done, everything committed and nothing lost is
 * expected of it in any case.
 *
 * @param deadLettered the records of which there is a dead letter, one of each and no other
 * @param attempts how often its handler may begin a bad record
 * @param deaths how many of its processes end
 * @param duplicated how often it may do a record again
 * @param rebalances how often partitions may be given to members anew, once records come
 */
record Expectation(
    Set<Place> deadLettered, Range attempts, Range deaths, Range duplicated, Range rebalances) {
  private static final Comparator<Place> IN_ORDER =
      Comparator.comparingInt(Place::partition).thenComparingLong(Place::offset);

  Expectation {
    deadLettered = Set.copyOf(deadLettered);
  }

  /** From least to most. */
  record Range(int least, int most) {
    static Range exactly(int value) {
      return new Range(value, value);
    }

    static Range atMost(int value) {
      return new Range(0, value);
    }

    static Range any() {
      return new Range(0, Integer.MAX_VALUE);
    }

    boolean holds(long value) {
      return least <= value && value <= most;
    }

    @Override
    public String toString() {
      return least == most ? "" + least : least + " to " + most;
    }
  }

  /** Nothing lost, nothing twice, no dead letter, no death, no rebalance. */
  static Expectation undisturbed() {
    Range none = Range.exactly(0);
    return new Expectation(Set.of(), none, none, none, none);
  }

  Expectation deadLetters(Set<Place> places, Range attemptsOnEach) {
    return new Expectation(places, attemptsOnEach, deaths, duplicated, rebalances);
  }

  /** Processes end, so their partitions are given to others. */
  Expectation deaths(int count, Range again) {
    return new Expectation(deadLettered, attempts, Range.exactly(count), again, Range.any());
  }

  /** What does not hold, in words; empty when all does. */
  List<String> violations(Result result) {
    List<String> violations = new ArrayList<>();
    if (result.outcome() != Outcome.DONE) {
      violations.add(result.notDone() + " good records not done, or not all committed");
    }
    check("lost", result.lost(), Range.exactly(0), violations);
    check("attempts on a bad record", result.attempts(), attempts, violations);
    check("process deaths", result.deaths(), deaths, violations);
    check("duplicated", result.duplicated(), duplicated, violations);
    check("rebalances", result.rebalances(), rebalances, violations);
    List<Place> expected = deadLettered.stream().sorted(IN_ORDER).toList();
    List<Place> found = result.deadLettered().stream().sorted(IN_ORDER).toList();
    if (!found.equals(expected)) {
      violations.add("dead-lettered " + found + ", expected " + expected);
    }
    return violations;
  }

  private static void check(String what, long value, Range expected, List<String> violations) {
    if (!expected.holds(value)) {
      violations.add(what + " " + value + ", expected " + expected);
    }
  }
}
