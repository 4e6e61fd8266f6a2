package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.Offsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How carefully the records of a partition are run after earlier owners died. Not thread-safe: its
 * partition guards it.
 *
 * <p>All of it is done with the lease: no record at or past its end starts before a confirmed
 * commit says so. Usually that end is far ahead. With suspects it is near, so that a further death
 * leaves few of them; and for a single record, once a death more would be one too many.
 */
final class Caution {
  /** How carefully. */
  enum Mode {
    /** Nobody died. */
    NONE,
    /** All at once, but few beyond what is confirmed. */
    CAREFUL,
    /** One by one, each named in a commit before it starts. */
    SOLO
  }

  /** A narrowing to a hundredth costs about a hundred commits. */
  private static final int PARTS = 100;

  /**
   * With a quarter of the concurrency for each partition a few of them keep all workers busy. More
   * would leave more suspects, each of which runs by itself after the next death: and a process
   * that is killed at random just then would cost an innocent record its good name.
   */
  private static final int LEAST = 8;

  private final CrashGuard guard;
  private int uncleanEnds;
  private List<OffsetRange> suspects = List.of();
  private long soloOffset = -1;
  private long soloEnd;
  private boolean alone;
  private int soloHalfDeaths;
  private long updatedAtSeconds;
  private Mode mode = Mode.NONE;
  private long window;

  Caution(CrashGuard guard, @Nullable CrashCase crashCase) {
    this.guard = guard;
    if (crashCase != null && guard.limit() > 0) {
      begin(crashCase);
      if (mode == Mode.SOLO) { // it is named again before it starts
        soloOffset = crashCase.soloOffset();
        soloHalfDeaths = crashCase.soloHalfDeaths();
      }
    }
  }

  private void begin(CrashCase crashCase) {
    uncleanEnds = crashCase.uncleanEnds();
    suspects = crashCase.suspects();
    updatedAtSeconds = crashCase.updatedAtSeconds();
    long count = Offsets.count(suspects);
    mode =
        suspects.isEmpty()
            ? Mode.NONE
            : CrashRules.isSolo(crashCase, guard.limit()) ? Mode.SOLO : Mode.CAREFUL;
    window = Math.max(Math.max(LEAST, guard.concurrency() / 4), count / PARTS);
  }

  Mode mode() {
    return mode;
  }

  /** Whether the suspects are run one by one. */
  boolean isSolo() {
    return mode == Mode.SOLO;
  }

  /** How many offsets are under suspicion. */
  int suspects() {
    return (int) Math.min(Integer.MAX_VALUE, Offsets.count(suspects));
  }

  int uncleanEnds() {
    return uncleanEnds;
  }

  /** Behind the last suspect. */
  long suspectsEnd() {
    return suspects.isEmpty() ? 0 : suspects.get(suspects.size() - 1).to();
  }

  /**
   * Up to where records may start, once a commit says so. Where a record runs by itself that is
   * behind it; else so that few which have not been run lie below. What cannot start (its lane
   * waits) must not keep the rest from it.
   */
  long leaseEnd(Ledger ledger, Lanes lanes) {
    boolean stuck = lanes.hasBeyondLease() && !lanes.isAtWork();
    if (mode == Mode.SOLO) {
      boolean others = stuck && lanes.lowestBeyondLease(1) >= suspectsEnd();
      boolean allRead = ledger.next() >= suspectsEnd();
      return others && allRead ? past(lanes.lowestBeyondLease(window), 1) : soloEnd;
    }
    long end = ledger.endOf(window);
    return stuck ? Math.max(end, past(lanes.lowestBeyondLease(window), 1)) : end;
  }

  private static long past(long offset, long more) {
    return offset > Long.MAX_VALUE - more ? Long.MAX_VALUE : offset + more;
  }

  /** The record was handled, and the process lives: whatever came of it, it is no suspect. */
  void survived(long offset) {
    if (mode != Mode.NONE) {
      remove(List.of(new OffsetRange(offset, offset + 1)));
    }
  }

  /** Below the watermark, or in these ranges, all is done. */
  void done(long watermark, List<OffsetRange> ranges) {
    if (mode != Mode.NONE) {
      suspects = Offsets.from(suspects, watermark);
      remove(ranges);
    }
  }

  private void remove(List<OffsetRange> innocent) {
    suspects = Offsets.without(suspects, innocent);
    if (suspects.isEmpty()) {
      mode = Mode.NONE;
    }
  }

  /** The next commit names this record as the one that runs by itself. */
  void announce(long offset, boolean nothingElseRuns) {
    if (offset != soloOffset) {
      soloHalfDeaths = 0;
    }
    soloOffset = offset;
    soloEnd = Math.max(soloEnd, past(offset, 1));
    alone = nothingElseRuns;
  }

  /** The next commit names none. */
  void silence() {
    soloOffset = -1;
    alone = false;
    soloHalfDeaths = 0;
  }

  /** Workers are in these records and are ending the process: they, and no others, are to blame. */
  void ended(List<Long> offsets, long nowSeconds) {
    if (guard.limit() == 0) {
      return;
    }
    List<OffsetRange> culprits = new ArrayList<>();
    offsets.forEach(offset -> culprits.add(new OffsetRange(offset, offset + 1)));
    CrashCase charged = CrashRules.ended(crashCase(), OffsetRange.joined(culprits), nowSeconds);
    begin(charged);
    soloOffset = charged.soloOffset();
    alone = false;
    soloHalfDeaths = charged.soloHalfDeaths();
  }

  /** What the next commit says; null for nothing. */
  @Nullable CrashCase crashCase() {
    return mode == Mode.NONE
        ? null
        : new CrashCase(uncleanEnds, suspects, soloOffset, alone, soloHalfDeaths, updatedAtSeconds);
  }
}
