package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Fact.Place;
import java.util.List;
import java.util.Map;

/**
 * Compares what members did, as their {@link SharedJournal} tells it, with what is promised:
 * nothing lost, the order of each key, attempts within their bound, and nothing handled again but
 * for a kill, and then only what was done since the last confirmed commit was sent.
 */
public final class JournalCheck {
  private final Violations violations = new Violations();
  private final Ownerships ownerships = new Ownerships();
  private final OrderCheck order;
  private final AttemptCheck attempts;
  private final RepeatCheck repeats;
  private final CommittedCheck commits = new CommittedCheck(violations);
  private final int maxAttempts;
  private int lines;
  private int lost;
  private int dead;
  private int deadTwice;

  public JournalCheck(int maxAttempts) {
    this.maxAttempts = maxAttempts;
    this.order = new OrderCheck(maxAttempts, violations);
    this.attempts = new AttemptCheck(maxAttempts, violations);
    this.repeats = new RepeatCheck(ownerships, violations);
  }

  /** The next line. */
  public void see(Fact fact) {
    violations.at(++lines);
    repeats.see(lines, fact);
    if (fact instanceof Fact.Killed killed) {
      repeats.killed(killed);
    }
    ownerships.see(fact);
    if (fact instanceof Fact.Begun begun) {
      Ownership by = ownerships.of(begun.member(), begun.place().partition());
      if (by == null || by.end() != Ownership.End.NONE) {
        violations.add("%s begins outside any ownership: %s".formatted(begun, by));
      }
      if (by != null) {
        order.begun(begun, by);
        repeats.begun(begun, by);
        attempts.begun(begun, by);
        commits.begun(begun, by);
      }
    } else if (fact instanceof Fact.Committed committed) {
      commits.committed(committed);
    } else if (fact instanceof Fact.Ended ended) {
      order.ended(ended);
      repeats.ended(lines, ended);
      attempts.ended(ended);
    }
  }

  /**
   * All has been read: is there a trace of every record?
   *
   * @param ends the end of each partition's log, which began at 0
   * @param letters the attempts that each dead letter states, by the place of its record
   */
  public void finish(Map<Integer, Long> ends, Map<Place, List<Integer>> letters) {
    ends.forEach(
        (partition, end) -> {
          for (long offset = 0; offset < end; offset++) {
            Place place = new Place(partition, offset);
            if (!repeats.isDone(place) && !letters.containsKey(place)) {
              lost++;
              violations.add("%s is neither done nor a dead letter".formatted(place));
            }
          }
        });
    letters.forEach(this::checkLetter);
  }

  private void checkLetter(Place place, List<Integer> stated) {
    dead++;
    deadTwice += stated.size() - 1;
    AttemptCheck.Attempts counted = attempts.of(place);
    if (repeats.isDone(place)) {
      violations.add("%s is done and a dead letter".formatted(place));
    }
    if (counted == null || counted.begun() < maxAttempts) {
      violations.add("%s is a dead letter before its attempts were used up".formatted(place));
    }
    int unclean = ownerships.uncleanEnds(place.partition());
    if (stated.size() > 1 + unclean) {
      violations.add(
          "%s has %d dead letters after %d unclean ends".formatted(place, stated.size(), unclean));
    }
    if (stated.stream().anyMatch(said -> said != maxAttempts)) {
      violations.add("dead letter of %s states %s attempts".formatted(place, stated));
    }
  }

  /** What was not kept; empty where all was. */
  public List<String> violations() {
    return violations.first();
  }

  /** How often something was not kept. */
  public int violationCount() {
    return violations.count();
  }

  public int lost() {
    return lost;
  }

  public List<Kill> kills() {
    return repeats.kills();
  }

  RepeatCheck repeats() {
    return repeats;
  }

  AttemptCheck attempts() {
    return attempts;
  }

  CommittedCheck commits() {
    return commits;
  }

  int keys() {
    return order.keys();
  }

  /** Records that became dead letters. */
  int dead() {
    return dead;
  }

  /** Dead letters beyond the first of each record. */
  int deadTwice() {
    return deadTwice;
  }
}
