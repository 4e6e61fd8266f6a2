package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.Offsets;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the note of the last owner says of how it ended, and what follows for the records that may
 * have run then. Pure.
 *
 * <p>An owner that left the note OPEN and is another process died. Whatever ran then lies between
 * the committed offset and the end of the lease, so those records are the suspects. Each further
 * death leaves only those that were suspects before. From one death before the limit on they run
 * one by one, and each is named in the note before it starts: a record that was named and alone
 * when the limit was reached is convicted.
 */
public final class CrashRules {
  /** Most suspects that are run one by one; more are narrowed down first. */
  static final long MOST_SOLO = 1_000;

  private static final long REMEMBERED_SECONDS = TimeUnit.HOURS.toSeconds(24);

  /** So many of one partition within a day are enough: then the process itself is at fault. */
  public static final int CONVICTIONS_IN_A_DAY = 3;

  private static final int SURE = 2;

  private final int limit;

  /**
   * @param limit deaths before a record is convicted, from 2; 0 for no guard
   */
  public CrashRules(int limit) {
    this.limit = limit;
  }

  /**
   * What to go by.
   *
   * @param note what the last owner left, with what follows from it
   * @param died whether the last owner's death was counted
   * @param convicted the offset that becomes a dead letter unhandled; -1 for none
   * @param deaths of owners in a row, up to that conviction
   * @param held the offset that would be convicted, were it not for so many before it; -1 for none.
   *     Then nothing of the partition starts
   */
  public record Verdict(Note note, boolean died, long convicted, int deaths, long held) {
    /** The lowest suspect; that which is convicted where there is no other. */
    public long firstSuspect() {
      CrashCase left = note.crashCase();
      long lowest = left == null ? Long.MAX_VALUE : left.suspects().get(0).from();
      return convicted < 0 ? lowest : Math.min(lowest, convicted);
    }

    /** How many suspects there are, the convicted one included. */
    public long suspects() {
      CrashCase left = note.crashCase();
      return (left == null ? 0 : Offsets.count(left.suspects())) + (convicted < 0 ? 0 : 1);
    }
  }

  /** Whether the suspects are run one by one from here on. */
  public boolean runsSolo(Verdict verdict) {
    CrashCase left = verdict.note().crashCase();
    return left != null && isSolo(left, limit);
  }

  static boolean isSolo(CrashCase crashCase, int limit) {
    return crashCase.uncleanEnds() >= limit - 1 && Offsets.count(crashCase.suspects()) <= MOST_SOLO;
  }

  /** Whether it matters where the log ends: what does not exist was not run. */
  public boolean needsEnd(Note note, long boot) {
    return limit > 0 && isUnclean(note, boot) && note.leaseEnd() > note.base();
  }

  /**
   * @param note the last owner's
   * @param boot of this process
   * @param logEnd asked for where {@link #needsEnd} says so
   */
  public Verdict judge(Note note, long boot, long logEnd, long nowSeconds) {
    if (limit == 0) {
      return new Verdict(with(note, null, List.of(), note.retries()), false, -1, 0, -1);
    }
    CrashCase known = note.crashCase();
    if (known != null && nowSeconds - known.updatedAtSeconds() >= REMEMBERED_SECONDS) {
      known = null;
    }
    List<OffsetRange> suspects =
        isUnclean(note, boot) ? suspects(note, Math.min(note.leaseEnd(), logEnd)) : List.of();
    CrashCase next = suspects.isEmpty() ? known : died(known, suspects, note, nowSeconds);
    List<Long> convictions = new ArrayList<>(note.convictionSeconds());
    convictions.removeIf(at -> nowSeconds - at >= REMEMBERED_SECONDS);
    boolean died = !suspects.isEmpty();
    if (next == null || !isProven(next)) {
      return new Verdict(with(note, next, convictions, note.retries()), died, -1, deaths(next), -1);
    }
    if (convictions.size() >= CONVICTIONS_IN_A_DAY) {
      return new Verdict(
          with(note, next, convictions, note.retries()),
          died,
          -1,
          next.uncleanEnds(),
          next.soloOffset());
    }
    convictions.add(Math.max(nowSeconds, convictions.isEmpty() ? 0 : last(convictions)));
    return new Verdict(
        with(note, cleared(next), convictions, sentenced(note, next)),
        died,
        next.soloOffset(),
        next.uncleanEnds(),
        -1);
  }

  private static long last(List<Long> of) {
    return of.get(of.size() - 1);
  }

  private static int deaths(@Nullable CrashCase crashCase) {
    return crashCase == null ? 0 : crashCase.uncleanEnds();
  }

  private static boolean isUnclean(Note note, long boot) {
    return note.mode() == Mode.OPEN && note.boot() != boot;
  }

  private static List<OffsetRange> suspects(Note note, long end) {
    return end <= note.base()
        ? List.of()
        : Offsets.without(List.of(new OffsetRange(note.base(), end)), note.done());
  }

  private static CrashCase died(
      @Nullable CrashCase known, List<OffsetRange> suspects, Note note, long nowSeconds) {
    List<OffsetRange> again =
        known == null ? List.of() : Offsets.common(known.suspects(), suspects);
    if (known == null || again.isEmpty()) {
      return new CrashCase(1, suspects, -1, false, 0, nowSeconds);
    }
    boolean suspected = Offsets.contains(again, known.soloOffset());
    // A record named by an earlier owner, and not yet again by this one, could not start.
    boolean ran = suspected && known.soloOffset() < note.leaseEnd();
    int charge = !ran ? 0 : known.alone() ? SURE : 1;
    return new CrashCase(
        known.uncleanEnds() + 1,
        // The one that was alone explains this death; the others are not cleared by it.
        charge == SURE ? left(known.suspects(), note) : again,
        suspected ? known.soloOffset() : -1,
        false,
        suspected ? known.soloHalfDeaths() + charge : 0,
        nowSeconds);
  }

  /** What is not done of them. */
  private static List<OffsetRange> left(List<OffsetRange> suspects, Note note) {
    return Offsets.without(Offsets.from(suspects, note.base()), note.done());
  }

  /**
   * A worker is known to have ended the process from inside the handler (System.exit): no need to
   * search. The owner leaves in order, so its note says CLOSED and this.
   */
  static CrashCase ended(@Nullable CrashCase known, List<OffsetRange> culprits, long nowSeconds) {
    List<OffsetRange> again =
        known == null ? List.of() : Offsets.common(known.suspects(), culprits);
    long only = Offsets.count(culprits) == 1 ? culprits.get(0).from() : -1;
    int before = known == null || again.isEmpty() ? 0 : known.uncleanEnds();
    return new CrashCase(before + 1, culprits, only, false, only < 0 ? 0 : SURE, nowSeconds);
  }

  private boolean isProven(CrashCase crashCase) {
    return crashCase.uncleanEnds() >= limit
        && crashCase.soloOffset() >= 0
        && crashCase.soloHalfDeaths() >= SURE;
  }

  /** The others stay under suspicion: each of them needs a death of its own. */
  private @Nullable CrashCase cleared(CrashCase of) {
    long offset = of.soloOffset();
    List<OffsetRange> others =
        Offsets.without(of.suspects(), List.of(new OffsetRange(offset, offset + 1)));
    return others.isEmpty()
        ? null
        : new CrashCase(limit - 1, others, -1, false, 0, of.updatedAtSeconds());
  }

  /** The record owes a dead letter now, and no attempt runs any more. */
  private static List<RetryEntry> sentenced(Note note, CrashCase of) {
    List<RetryEntry> retries = new ArrayList<>(note.retries());
    RetryEntry before = null;
    for (RetryEntry entry : note.retries()) {
      if (entry.offset() == of.soloOffset()) {
        before = entry;
      }
    }
    retries.remove(before);
    retries.add(sentence(before, of.soloOffset(), of.uncleanEnds()));
    retries.sort(Comparator.comparingLong(RetryEntry::offset));
    return retries;
  }

  /** What a note says of a record that the process died of so often. */
  static RetryEntry sentence(@Nullable RetryEntry before, long offset, int deaths) {
    return new RetryEntry(
        offset,
        deaths + (before == null ? 0 : before.attempts()),
        before == null ? 0 : before.elapsedMillis(),
        before == null ? -1 : before.firstFailureSeconds(),
        RetryEntry.Fate.CRASHED);
  }

  private static Note with(
      Note note, @Nullable CrashCase crashCase, List<Long> convictions, List<RetryEntry> retries) {
    List<Long> latest =
        convictions.subList(
            Math.max(0, convictions.size() - Note.MAX_CONVICTIONS), convictions.size());
    return new Note(
        note.identity(),
        note.base(),
        note.mode(),
        note.boot(),
        note.leaseEnd(),
        crashCase,
        latest,
        retries,
        note.done());
  }
}
