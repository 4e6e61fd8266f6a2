package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Fact.Place;
import java.util.HashMap;
import java.util.Map;

/**
 * The order of each key. Within one ownership an attempt begins only after the one before has
 * returned, and never goes back. The next owner may repeat a suffix of what was done; it never
 * begins a record while an earlier one of its key is neither done nor out of attempts.
 */
final class OrderCheck {
  private static final class Key {
    /** All numbers below are done, or out of attempts. */
    int settled;

    int last = -1;
    Ownership lastBy;
    Place open;
    Ownership openBy;
  }

  private final Map<Integer, Key> keys = new HashMap<>();
  private final Map<Place, Fact.Begun> open = new HashMap<>();
  private final Map<Place, Integer> deaths = new HashMap<>();
  private final DeathCheck allDeaths;
  private final int maxAttempts;
  private final Violations violations;

  /**
   * @param allDeaths has seen the whole journal: who ends a process for the last time is out of
   *     attempts
   */
  OrderCheck(int maxAttempts, DeathCheck allDeaths, Violations violations) {
    this.allDeaths = allDeaths;
    this.maxAttempts = maxAttempts;
    this.violations = violations;
  }

  void begun(Fact.Begun begun, Ownership by) {
    if (begun.key() == Fact.NO_KEY) {
      return;
    }
    Key key = keys.computeIfAbsent(begun.key(), k -> new Key());
    if (key.open != null && !key.openBy.endedUnclean()) {
      violations.add(
          "%s begins while %s of its key runs, at %s".formatted(begun, key.open, key.openBy));
    }
    if (begun.seq() > key.settled) {
      violations.add("%s overtakes number %d of its key".formatted(begun, key.settled));
    }
    if (key.lastBy == by && begun.seq() < key.last) {
      violations.add("%s goes back from number %d within one ownership".formatted(begun, key.last));
    }
    key.last = begun.seq();
    key.lastBy = by;
    key.open = begun.place();
    key.openBy = by;
    open.put(begun.place(), begun);
  }

  /** The attempt will not end: its process does. */
  void dying(Fact.Dying dying) {
    Fact.Begun begun = open.remove(dying.place());
    if (begun == null) {
      return;
    }
    Key key = keys.get(begun.key());
    if (dying.place().equals(key.open)) {
      key.open = null;
    }
    boolean last = deaths.merge(dying.place(), 1, Integer::sum) == allDeaths.of(dying.place());
    if (last && begun.seq() == key.settled) {
      key.settled++;
    }
  }

  void ended(Fact.Ended ended) {
    Fact.Begun begun = open.get(ended.place());
    if (begun == null || !begun.member().equals(ended.member())) {
      return; // has no key, or outlived its ownership and was begun again since
    }
    open.remove(ended.place());
    Key key = keys.get(begun.key());
    if (ended.place().equals(key.open)) {
      key.open = null;
    }
    boolean settled = ended.ok() || begun.attempt() >= maxAttempts;
    if (settled && begun.seq() == key.settled) {
      key.settled++;
    }
  }

  int keys() {
    return keys.size();
  }
}
