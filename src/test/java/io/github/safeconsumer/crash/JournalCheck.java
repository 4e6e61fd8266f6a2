package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Fact.Place;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares what members did, as their {@link SharedJournal} tells it, with what is promised:
 * nothing lost, the order of each key, attempts within their bound, and nothing handled again but
 * for a kill, and then only what was done since the last confirmed commit was sent; and nobody is
 * convicted of ending processes who did not.
 */
public final class JournalCheck {
  private final Violations violations = new Violations();
  private final Ownerships ownerships = new Ownerships();
  private final OrderCheck order;
  private final AttemptCheck attempts;
  private final RepeatCheck repeats;
  private final CommittedCheck commits = new CommittedCheck(violations);
  private final DeathCheck deaths = new DeathCheck();
  private final UnansweredLetters unanswered = new UnansweredLetters();
  private final int maxAttempts;
  private final Set<Place> killers;
  private int lines;
  private int stragglers;
  private final Set<Straggler> stillRunning = new HashSet<>();
  private int lost;
  private int dead;
  private int deadTwice;

  private record Straggler(String member, Place place) {}

  public JournalCheck(int maxAttempts) {
    this(maxAttempts, new DeathCheck(), Set.of());
  }

  /**
   * @param allDeaths has seen the whole journal
   * @param killers records that end processes and cannot write so themselves
   */
  JournalCheck(int maxAttempts, DeathCheck allDeaths, Set<Place> killers) {
    this.maxAttempts = maxAttempts;
    this.killers = killers;
    this.order = new OrderCheck(maxAttempts, allDeaths, violations);
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
    deaths.see(fact);
    unanswered.see(fact);
    if (fact instanceof Fact.Begun begun) {
      Ownership by = ownerships.of(begun.member(), begun.place().partition());
      if (by != null && by.end() == Ownership.End.FROZEN) {
        stragglers++; // it was let in before, and had not come as far as to say so
        stillRunning.add(new Straggler(begun.member(), begun.place()));
        return;
      }
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
      if (stillRunning.remove(new Straggler(ended.member(), ended.place()))) {
        return; // nobody hears of it, so it settles nothing
      }
      order.ended(ended);
      repeats.ended(lines, ended);
      attempts.ended(ended);
    } else if (fact instanceof Fact.Dying dying) {
      order.dying(dying);
      repeats.dying(dying);
      attempts.dying(dying);
    }
  }

  /**
   * All has been read: is there a trace of every record?
   *
   * @param ends the end of each partition's log, which began at 0
   * @param all the dead letters
   */
  void finish(Map<Integer, Long> ends, List<Letter> all) {
    Map<Place, List<Letter>> letters = all.stream().collect(Collectors.groupingBy(Letter::place));
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

  private void checkLetter(Place place, List<Letter> letters) {
    dead++;
    deadTwice += letters.size() - 1;
    if (repeats.isDone(place)) {
      violations.add("%s is done and a dead letter".formatted(place));
    }
    int unclean = ownerships.uncleanEnds(place.partition());
    int again = unanswered.of(place);
    if (letters.size() > 1 + unclean + again) {
      violations.add(
          "%s has %d dead letters after %d unclean ends and %d unanswered ones"
              .formatted(place, letters.size(), unclean, again));
    }
    letters.forEach(this::checkReason);
  }

  private void checkReason(Letter letter) {
    switch (letter.reason()) {
      case Letter.EXHAUSTED -> {
        AttemptCheck.Attempts counted = attempts.of(letter.place());
        if (counted == null || counted.begun() < maxAttempts) {
          violations.add("%s came before its attempts were used up".formatted(letter));
        }
        if (letter.attempts() != maxAttempts) {
          violations.add("%s states other attempts than %d".formatted(letter, maxAttempts));
        }
      }
      case Letter.CRASHED -> {
        if (deaths.of(letter.place()) == 0 && !killers.contains(letter.place())) {
          violations.add("%s is convicted and killed nobody".formatted(letter));
        }
      }
      default -> {} // whoever expects other reasons looks at them
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

  /**
   * Attempts that a process which had been stopped wrote down only when it went on: at most one for
   * each that may run at once.
   */
  int stragglers() {
    return stragglers;
  }

  DeathCheck deaths() {
    return deaths;
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
