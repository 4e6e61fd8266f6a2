package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Fact.Place;
import java.util.HashMap;
import java.util.Map;

/**
 * The attempts of each failing record, counted over all owners: at most the bound and one more for
 * each unclean end of an owner that had begun one. Their numbers go on where the last owner was:
 * exactly so after a hand-over; after an unclean end the last number may come a second time, since
 * its failure was not confirmed, but no lower one.
 */
final class AttemptCheck {
  /** Records whose attempts are of interest: those that failed or were cut off. */
  private final Map<Place, Attempts> records = new HashMap<>();

  private final int maxAttempts;
  private final Violations violations;
  private int most;
  private long failed;
  private int overBound;

  static final class Attempts {
    int begun;
    int highest;
    int uncleanEnds;
    boolean running;
    long firstFailure = Fact.NEVER;
    Ownership by;
    Ownership diedOfIt;

    /** Attempts that the handler saw, over all owners. */
    int begun() {
      return begun;
    }

    int uncleanEnds() {
      return uncleanEnds;
    }
  }

  AttemptCheck(int maxAttempts, Violations violations) {
    this.maxAttempts = maxAttempts;
    this.violations = violations;
  }

  void begun(Fact.Begun begun, Ownership by) {
    Attempts record = records.computeIfAbsent(begun.place(), place -> new Attempts());
    if (record.begun > 0
        && record.by != by
        && (record.by.endedUnclean() || record.diedOfIt == record.by)) {
      record.uncleanEnds++;
    }
    checkNumber(begun, by, record);
    checkContext(begun, record);
    record.begun++;
    record.highest = Math.max(record.highest, begun.attempt());
    record.running = true;
    record.by = by;
    most = Math.max(most, record.begun);
    if (record.begun > maxAttempts) {
      overBound++;
    }
    if (record.begun > maxAttempts + record.uncleanEnds) {
      violations.add(
          "%s is attempt %d in all, after %d unclean ends"
              .formatted(begun, record.begun, record.uncleanEnds));
    }
  }

  private void checkNumber(Fact.Begun begun, Ownership by, Attempts record) {
    boolean handedOn = record.begun > 0 && record.by != by;
    // An attempt that was cut off has not failed, so its number comes again.
    boolean cutOff = handedOn && record.running;
    int lowest =
        cutOff || (handedOn && record.by.endedUnclean()) ? record.highest : record.highest + 1;
    int highest = cutOff ? record.highest : Math.min(record.highest + 1, maxAttempts);
    if (begun.attempt() < lowest || begun.attempt() > highest) {
      violations.add(
          "%s is not attempt %d to %d, last owner %s".formatted(begun, lowest, highest, record.by));
    }
  }

  private void checkContext(Fact.Begun begun, Attempts record) {
    if (begun.last() != (begun.attempt() == maxAttempts)) {
      violations.add(
          "%s is said %sto be the last one".formatted(begun, begun.last() ? "" : "not "));
    }
    if ((begun.attempt() == 1) != (begun.firstFailure() == Fact.NEVER)) {
      violations.add("%s and its first failure do not fit".formatted(begun));
    }
    if (begun.firstFailure() != Fact.NEVER) {
      if (record.firstFailure != Fact.NEVER
          && seconds(record.firstFailure) != seconds(begun.firstFailure())) {
        violations.add("%s failed first at %d before".formatted(begun, record.firstFailure));
      }
      record.firstFailure = begun.firstFailure();
    }
  }

  /** What the next owner is told of the moment. */
  private static long seconds(long millis) {
    return Math.floorDiv(millis, 1_000L);
  }

  /** The attempt is cut off, however orderly its owner may leave while it ends. */
  void dying(Fact.Dying dying) {
    Attempts record = records.get(dying.place());
    if (record != null) {
      record.diedOfIt = record.by;
    }
  }

  void ended(Fact.Ended ended) {
    Attempts record = records.get(ended.place());
    if (record == null || !record.by.member().equals(ended.member())) {
      return; // it outlived its ownership, and was begun again since
    }
    record.running = false;
    if (!ended.ok()) {
      failed++;
    } else if (record.highest == 1) {
      records.remove(ended.place()); // nothing to go on from, should it be repeated
    }
  }

  /** Attempts of a record that is not done; null where it never began. */
  Attempts of(Place place) {
    return records.get(place);
  }

  /** The most attempts that one record had, over all owners. */
  int most() {
    return most;
  }

  /** Attempts beyond the bound, each of which an unclean end has to account for. */
  int overBound() {
    return overBound;
  }

  /** Failed attempts. */
  long failed() {
    return failed;
  }
}
