package io.github.safeconsumer.internal.metadata;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * Makes a note fit into the metadata of a commit, by what is lost with the least harm first.
 *
 * <ol>
 *   <li>Done ranges: their records are repeated after a death. Those that hold fewest offsets
 *       first, of equal ones the farthest.
 *   <li>Retry entries: their attempts count anew. Those that go on being retried before those that
 *       owe a dead letter; fewest attempts first, of equal ones the farthest. Entries are never
 *       merged into ranges: that would charge attempts to records between them that never failed.
 * </ol>
 *
 * The fixed part, the convictions and the case are never dropped. If they alone are too long, the
 * smallest gaps between the suspects are closed, of equal ones the farthest first: to suspect too
 * many costs time, to suspect too few hides the culprit.
 */
public final class NoteFit {
  private NoteFit() {}

  /** As much of the note as fits into so many characters. */
  public static Fitted fit(Note note, int limitChars) {
    int limit = Math.max(0, Math.min(limitChars, NoteCodec.MAX_CHARS));
    Bytes everything = NoteWriter.write(note);
    int length = NoteCodec.length(everything);
    int wanted = wanted(note, length, limit);
    if (length <= limit && isReadable(note)) {
      return new Fitted(NoteCodec.text(everything), true, 0, 0, wanted);
    }
    LossOrder order = new LossOrder(note);
    Note barest = withFewerSuspects(note.with(note.crashCase(), List.of(), List.of()), limit);
    if (!fits(barest, limit)) {
      return new Fitted("", false, note.done().size(), note.retries().size(), wanted);
    }
    int lost = fewest(order.size(), count -> fits(order.without(count, barest.crashCase()), limit));
    Note kept = order.without(lost, barest.crashCase());
    return new Fitted(
        NoteCodec.encode(kept),
        false,
        note.done().size() - kept.done().size(),
        note.retries().size() - kept.retries().size(),
        wanted);
  }

  private static int wanted(Note note, int length, int limit) {
    long share = ((long) limit * note.done().size() - 1) / NoteCodec.MAX_RANGES + 1;
    return (int) Math.max(length, share);
  }

  private static Note withFewerSuspects(Note note, int limit) {
    CrashCase crashCase = note.crashCase();
    if (crashCase == null || crashCase.suspects().size() < 2) {
      return note;
    }
    GapOrder gaps = new GapOrder(crashCase.suspects());
    int closed =
        fewest(gaps.size(), count -> fits(withSuspects(note, crashCase, gaps, count), limit));
    return withSuspects(note, crashCase, gaps, closed);
  }

  private static Note withSuspects(Note note, CrashCase crashCase, GapOrder gaps, int closed) {
    return note.with(crashCase.withSuspects(gaps.closed(closed)), note.retries(), note.done());
  }

  private static boolean fits(Note note, int limit) {
    return isReadable(note) && NoteCodec.length(note) <= limit;
  }

  private static boolean isReadable(Note note) {
    CrashCase crashCase = note.crashCase();
    return note.done().size() <= NoteCodec.MAX_RANGES
        && (crashCase == null || crashCase.suspects().size() <= NoteCodec.MAX_SUSPECT_RANGES);
  }

  /**
   * The smallest count that is enough, or the largest possible one. Lengths fall with every step,
   * but for a byte here and there (a gap that grows takes a longer number); hence the last steps
   * one by one: never is something lost that would have fitted by itself.
   */
  private static int fewest(int most, IntPredicate isEnough) {
    int low = 0;
    int high = most;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isEnough.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    while (high > 0 && isEnough.test(high - 1)) {
      high--;
    }
    return high;
  }
}
