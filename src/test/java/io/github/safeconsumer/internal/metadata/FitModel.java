package io.github.safeconsumer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.internal.metadata.RetryEntry.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link NoteFit} promises, said in the obvious way. */
final class FitModel {
  private FitModel() {}

  static void check(Note note, int limit) {
    Fitted fitted = NoteFit.fit(note, limit);

    assertThat(fitted.text().length()).isLessThanOrEqualTo(limit);
    assertThat(fitted.complete())
        .isEqualTo(!fitted.text().isEmpty() && read(fitted, note).equals(note));
    if (fitted.text().isEmpty()) {
      Note smallest = note.with(closed(note.crashCase(), Integer.MAX_VALUE), List.of(), List.of());
      assertThat(NoteCodec.encode(smallest).length()).isGreaterThan(limit);
      assertThat(fitted.droppedRanges()).isEqualTo(note.done().size());
      assertThat(fitted.droppedRetries()).isEqualTo(note.retries().size());
      return;
    }
    Note kept = read(fitted, note);
    int gaps = suspectsOf(note).size() - suspectsOf(kept).size();
    CrashCase expectedCase = closed(note.crashCase(), gaps);
    assertThat(kept).isEqualTo(lacking(note, expectedCase, fitted));
    if (gaps > 0) {
      Note oneGapMore = note.with(closed(note.crashCase(), gaps - 1), List.of(), List.of());
      assertThat(fits(oneGapMore, limit)).as("a gap was closed without need").isFalse();
    }
    checkThatNoMoreWouldFit(note, expectedCase, fitted, limit);
  }

  private static void checkThatNoMoreWouldFit(
      Note note, @Nullable CrashCase crashCase, Fitted fitted, int limit) {
    int ranges = fitted.droppedRanges();
    int retries = fitted.droppedRetries();
    if (retries > 0) {
      assertThat(ranges).as("ranges go before retries").isEqualTo(note.done().size());
      Fitted more = new Fitted("", false, ranges, retries - 1, 0);
      assertThat(fits(lacking(note, crashCase, more), limit)).as("a retry too many").isFalse();
    } else if (ranges > 0) {
      Fitted more = new Fitted("", false, ranges - 1, 0, 0);
      assertThat(fits(lacking(note, crashCase, more), limit)).as("a range too many").isFalse();
    }
  }

  static Note read(Fitted fitted, Note note) {
    Reading reading = NoteCodec.decode(fitted.text(), note.base(), note.identity());
    assertThat(reading).isInstanceOf(Reading.Read.class);
    return ((Reading.Read) reading).note();
  }

  private static boolean fits(Note note, int limit) {
    return note.done().size() <= NoteCodec.MAX_RANGES
        && suspectsOf(note).size() <= NoteCodec.MAX_SUSPECT_RANGES
        && NoteCodec.encode(note).length() <= limit;
  }

  private static List<OffsetRange> suspectsOf(Note note) {
    CrashCase crashCase = note.crashCase();
    return crashCase == null ? List.of() : crashCase.suspects();
  }

  /** The note without as many of each as the result says were dropped. */
  private static Note lacking(Note note, @Nullable CrashCase crashCase, Fitted dropped) {
    List<OffsetRange> ranges = new ArrayList<>(note.done());
    ranges.sort(
        (a, b) -> a.count() == b.count() ? order(b.from(), a.from()) : order(a.count(), b.count()));
    List<OffsetRange> keptRanges = ranges.subList(dropped.droppedRanges(), ranges.size());
    keptRanges.sort(Comparator.comparingLong(OffsetRange::from));
    List<RetryEntry> retries = new ArrayList<>(note.retries());
    retries.sort(FitModel::worthLess);
    List<RetryEntry> keptRetries = retries.subList(dropped.droppedRetries(), retries.size());
    keptRetries.sort(Comparator.comparingLong(RetryEntry::offset));
    return note.with(crashCase, keptRetries, keptRanges);
  }

  private static int worthLess(RetryEntry a, RetryEntry b) {
    boolean aRetries = a.fate() == Fate.RETRYING;
    if (aRetries != (b.fate() == Fate.RETRYING)) {
      return aRetries ? -1 : 1;
    }
    return a.attempts() == b.attempts()
        ? order(b.offset(), a.offset())
        : order(a.attempts(), b.attempts());
  }

  private static int order(long a, long b) {
    return Long.compare(a, b);
  }

  /** The case with so many gaps between suspects closed, one after the other. */
  private static @Nullable CrashCase closed(@Nullable CrashCase crashCase, int count) {
    if (crashCase == null) {
      return null;
    }
    List<OffsetRange> suspects = new ArrayList<>(crashCase.suspects());
    for (int i = 0; i < count && suspects.size() > 1; i++) {
      int smallest = 0;
      for (int gap = 0; gap < suspects.size() - 1; gap++) {
        if (gap(suspects, gap) <= gap(suspects, smallest)) {
          smallest = gap;
        }
      }
      OffsetRange upper = suspects.remove(smallest + 1);
      suspects.set(smallest, new OffsetRange(suspects.get(smallest).from(), upper.to()));
    }
    return crashCase.withSuspects(suspects);
  }

  private static long gap(List<OffsetRange> ranges, int index) {
    return ranges.get(index + 1).from() - ranges.get(index).to();
  }
}
