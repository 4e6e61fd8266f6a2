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
  private final int maxAttempts;
  private final Violations violations;

  OrderCheck(int maxAttempts, Violations violations) {
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

  void ended(Fact.Ended ended) {
    Fact.Begun begun = open.remove(ended.place());
    if (begun == null) {
      return; // has no key
    }
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
