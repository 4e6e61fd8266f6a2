package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Fact.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records that are handled again though they were done: none after a hand-over, and after a kill
 * only what was done since the last confirmed commit was sent.
 */
final class RepeatCheck {
  private record Done(Ownership by, int line, long nanos) {}

  /** An attempt may go on though its ownership ended, while the next owner's runs. */
  private record Attempt(Place place, String member) {}

  private final Map<Attempt, Ownership> running = new HashMap<>();
  private final Map<Place, Ownership> latest = new HashMap<>();
  private final Map<Place, Done> done = new HashMap<>();
  private final CommitTrail commits = new CommitTrail();
  private final List<Kill> kills = new ArrayList<>();
  private final Map<Ownership, Kill> killOf = new HashMap<>();
  private final Ownerships ownerships;
  private final Violations violations;
  private long cutOffAgain;
  private long afterLoss;

  RepeatCheck(Ownerships ownerships, Violations violations) {
    this.ownerships = ownerships;
    this.violations = violations;
  }

  void see(int line, Fact fact) {
    commits.see(line, fact);
  }

  /** Before the ownerships hear of it. */
  void killed(Fact.Killed killed) {
    List<Ownership> owned = ownerships.open(killed.member());
    long inHandler = running.values().stream().filter(owned::contains).count();
    Kill kill = new Kill(killed.nanos(), (int) inHandler);
    for (Ownership ownership : owned) {
      kill.owned(ownership, commits.coveredBefore(ownership.partition()));
      killOf.put(ownership, kill);
    }
    kills.add(kill);
  }

  void begun(Fact.Begun begun, Ownership by) {
    Done before = done.get(begun.place());
    if (before != null) {
      switch (before.by().end()) {
        case KILLED -> killOf.get(before.by()).repeated(before.by(), before.line(), before.nanos());
        case LOST, FROZEN -> afterLoss++;
        case NONE, REVOKED ->
            violations.add("%s is handled again, done by %s".formatted(begun, before.by()));
      }
    }
    Ownership cutOff = latest.put(begun.place(), by);
    if (cutOff != null && running.remove(new Attempt(begun.place(), cutOff.member())) != null) {
      cutOffAgain++;
      if (!cutOff.endedUnclean()) {
        violations.add("%s begins while it runs, at %s".formatted(begun, cutOff));
      }
    }
    running.put(new Attempt(begun.place(), begun.member()), by);
  }

  void dying(Fact.Dying dying) {
    running.remove(new Attempt(dying.place(), dying.member()));
  }

  void ended(int line, Fact.Ended ended) {
    Ownership by = running.remove(new Attempt(ended.place(), ended.member()));
    // Without one the attempt outlived its ownership and the record was begun again since.
    if (ended.ok() && by != null) {
      done.put(ended.place(), new Done(by, line, ended.nanos()));
    }
  }

  boolean isDone(Place place) {
    return done.containsKey(place);
  }

  int done() {
    return done.size();
  }

  List<Kill> kills() {
    return List.copyOf(kills);
  }

  /** Records that were in a handler when their owner ended, and were begun again. */
  long cutOffAgain() {
    return cutOffAgain;
  }

  /** Records that were done again after partitions were lost without a kill. */
  long afterLoss() {
    return afterLoss;
  }

  long commitsSeen() {
    return commits.seen();
  }
}
