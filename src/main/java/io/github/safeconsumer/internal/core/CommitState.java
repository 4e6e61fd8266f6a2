package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the commits of one ownership say besides the watermark, and what of it the broker has
 * confirmed. Not thread-safe: its partition guards it.
 */
final class CommitState {
  private final Lease lease;
  private final ArrayDeque<RetryEntry> inherited;
  private final long inheritedEnd;
  private final CrashGuard guard;
  private Caution caution;
  private final List<Long> convictions;

  private Mode mode = Mode.OPEN;
  private long changes = 1;
  private long urgentChange = 1;
  private long confirmedChanges;
  private long namedAt;

  /**
   * @param note what the last owner left, or null
   */
  CommitState(long start, @Nullable Note note, CrashGuard guard, long nowNanos) {
    this.guard = guard;
    lease = new Lease(start, nowNanos);
    inherited = new ArrayDeque<>(note == null ? List.of() : note.retries());
    inheritedEnd = note == null ? start : end(note, start);
    caution = new Caution(guard, note == null ? null : note.crashCase());
    convictions = note == null ? List.of() : note.convictionSeconds();
  }

  private static long end(Note note, long start) {
    long end = start;
    for (OffsetRange range : note.done()) {
      end = Math.max(end, range.to());
    }
    for (RetryEntry entry : note.retries()) {
      end = Math.max(end, entry.offset() + 1);
    }
    return end;
  }

  /** The offset behind the last one that the last owner's note speaks of. */
  long inheritedEnd() {
    return inheritedEnd;
  }

  /** Something changed that the next commit should say. */
  void changed() {
    changes++;
  }

  /** Something changed that others wait to be committed. */
  void changedUrgently() {
    urgentChange = ++changes;
  }

  boolean isDirty() {
    return changes != confirmedChanges;
  }

  /** Whether more than that was confirmed already: it was answered late. */
  boolean isOutdated(Progress progress) {
    return progress.changes() < confirmedChanges;
  }

  /** Whether somebody waits for a commit: nothing was confirmed yet, or a retry is booked. */
  boolean isUrgent() {
    return urgentChange > confirmedChanges;
  }

  /** Whether the opening note was confirmed: nothing starts before. */
  boolean isOpened() {
    return confirmedChanges > 0;
  }

  /** The first offset that must not start. */
  long leaseEnd() {
    return lease.end();
  }

  /** How carefully records are run. */
  Caution caution() {
    return caution;
  }

  /** The next commit names a record that runs by itself, and lets it start. */
  void name(long offset, boolean nothingElseRuns) {
    caution.announce(offset, nothingElseRuns);
    changedUrgently();
    namedAt = changes;
  }

  /** Whether a commit that names the record is confirmed. */
  boolean isNameConfirmed() {
    return confirmedChanges >= namedAt;
  }

  /** The next commit names none. */
  void nameNone() {
    caution.silence();
    changedUrgently();
  }

  /** Workers in these records are ending the process. */
  void blamed(List<Long> offsets, long nowSeconds) {
    caution.ended(offsets, nowSeconds);
    changedUrgently();
  }

  /** An operator decided on the record that would have been convicted. */
  void decided(long offset, boolean convicted) {
    int deaths = caution.uncleanEnds();
    caution = new Caution(guard, null);
    if (convicted) {
      List<RetryEntry> all = new ArrayList<>(inherited);
      RetryEntry before =
          all.stream().filter(entry -> entry.offset() == offset).findFirst().orElse(null);
      all.remove(before);
      all.add(CrashRules.sentence(before, offset, deaths));
      all.sort(Comparator.comparingLong(RetryEntry::offset));
      inherited.clear();
      inherited.addAll(all);
    }
    changedUrgently();
  }

  void mode(Mode next) {
    if (mode != next) {
      mode = next;
      changedUrgently();
    }
  }

  /** What an earlier owner noted of this record goes with it; entries before it are forgotten. */
  void inherit(OpenRecord record) {
    if (inherited.isEmpty()) {
      return;
    }
    forgetInheritedBelow(record.offset());
    RetryEntry entry = inherited.peekFirst();
    if (entry != null && entry.offset() == record.offset()) {
      inherited.removeFirst();
      record.inherited = FailureHistory.inherited(entry);
    }
  }

  /** What was passed without being polled does not exist any more. */
  void forgetInheritedBelow(long offset) {
    for (RetryEntry entry = inherited.peekFirst();
        entry != null && entry.offset() < offset;
        entry = inherited.peekFirst()) {
      inherited.removeFirst();
    }
  }

  /** What a commit that goes out now says. */
  Progress progress(OwnedPartition partition, Ledger ledger, Lanes lanes, long nowNanos) {
    forgetInheritedBelow(ledger.watermark());
    List<RetryEntry> retries = new ArrayList<>(inherited);
    List<Progress.Booked> booked = new ArrayList<>();
    for (OpenRecord record : lanes.behind()) {
      add(retries, booked, record, record.inherited);
    }
    for (Lane lane : lanes.troubled()) {
      add(retries, booked, lane.head(), lane.history);
    }
    retries.sort(Comparator.comparingLong(RetryEntry::offset));
    List<OffsetRange> done = ledger.doneRanges();
    caution.done(ledger.watermark(), done);
    long end =
        switch (caution.mode()) {
          case NONE ->
              lease.renew(
                  Math.max(ledger.next(), ledger.watermark()), lanes.isStarving(), nowNanos);
          case CAREFUL, SOLO -> lease.until(caution.leaseEnd(ledger, lanes));
        };
    return new Progress(
        partition,
        ledger.watermark(),
        ledger.leaderEpoch(),
        mode,
        Math.max(end, ledger.watermark()),
        caution.crashCase(),
        convictions,
        retries,
        done,
        changes,
        booked);
  }

  private static void add(
      List<RetryEntry> retries,
      List<Progress.Booked> booked,
      @Nullable OpenRecord record,
      @Nullable FailureHistory history) {
    if (record == null || history == null) {
      return;
    }
    RetryEntry entry = history.entry(record.offset());
    if (entry != null) {
      retries.add(entry);
    }
    booked.add(new Progress.Booked(history, history.bookedCharged())); // a refund, too
  }

  /**
   * The broker confirmed it.
   *
   * @param protectedByNote false where the commit could not carry a note: then nothing waits for
   *     one
   * @return true when records may start that could not
   */
  boolean confirmed(Progress progress, boolean protectedByNote) {
    confirmedChanges = Math.max(confirmedChanges, progress.changes());
    for (Progress.Booked one : progress.booked()) {
      one.history().recorded(one.charged());
    }
    return lease.confirmed(protectedByNote ? progress.leaseEnd() : Long.MAX_VALUE);
  }
}
