package io.github.safeconsumer.internal.metadata;

import io.github.safeconsumer.internal.metadata.RetryEntry.Fate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link NoteWriter} and its successors write. */
final class NoteReader {
  private static final Source NOTHING = new Source(new byte[0], 0, 0);

  private @Nullable Source crashCase;
  private Source done = NOTHING;
  private Source convictions = NOTHING;
  private Source retries = NOTHING;

  private NoteReader() {}

  /**
   * The note.
   *
   * @throws Unreadable if it is damaged or from an unknown version
   * @throws IllegalArgumentException if its values make no sense
   */
  static Note read(Source in) {
    return new NoteReader().note(in);
  }

  private Note note(Source in) {
    Identity identity = new Identity(in.four(), in.four());
    int modeCode = in.one();
    Mode mode = Mode.ofCode(modeCode);
    if (mode == null) {
      throw Unreadable.unknownVersion("unknown mode " + modeCode);
    }
    long boot = in.eight();
    long base = in.number();
    long leaseEnd = Source.sum(base, in.number());
    // All of them before the content of any: what a later version means by a known section is open
    // as long as it may have added one that must be understood.
    findSections(in);
    return new Note(
        identity,
        base,
        mode,
        boot,
        leaseEnd,
        crashCase == null ? null : readCase(crashCase),
        readConvictions(convictions),
        readRetries(retries, base),
        Ranges.read(done, base, NoteCodec.MAX_RANGES));
  }

  private void findSections(Source in) {
    int before = 0;
    int notUnderstood = 0;
    while (!in.isEmpty()) {
      int tag = in.one();
      Source content = in.part(in.number());
      if (tag <= before || content.isEmpty()) {
        throw Unreadable.damaged("section " + tag + " is empty or follows on " + before);
      }
      before = tag;
      switch (tag) {
        case Sections.CASE -> crashCase = content;
        case Sections.DONE -> done = content;
        case Sections.CONVICTIONS -> convictions = content;
        case Sections.RETRIES -> retries = content;
        default -> notUnderstood = Sections.maySkip(tag) ? notUnderstood : tag;
      }
    }
    if (notUnderstood != 0) {
      throw Unreadable.unknownVersion("unknown section " + notUnderstood);
    }
  }

  private static CrashCase readCase(Source in) {
    int flags = in.one();
    if ((flags & ~(Sections.CASE_ALONE | Sections.CASE_HAS_SOLO)) != 0) {
      throw Unreadable.unknownVersion("unknown flags " + flags + " of a case");
    }
    int uncleanEnds = in.smallNumber();
    int halfDeaths = in.smallNumber();
    long updatedAt = in.number();
    long solo = (flags & Sections.CASE_HAS_SOLO) == 0 ? -1 : in.number();
    return new CrashCase(
        uncleanEnds,
        Ranges.read(in, 0, NoteCodec.MAX_SUSPECT_RANGES),
        solo,
        (flags & Sections.CASE_ALONE) != 0,
        halfDeaths,
        updatedAt);
  }

  private static List<Long> readConvictions(Source in) {
    List<Long> seconds = new ArrayList<>();
    long before = 0;
    while (!in.isEmpty()) {
      before = Source.sum(before, in.number());
      seconds.add(before);
    }
    return seconds;
  }

  private static List<RetryEntry> readRetries(Source in, long base) {
    if (in.isEmpty()) {
      return List.of();
    }
    List<RetryEntry> entries = new ArrayList<>();
    long earliest = in.number();
    long lowest = base;
    while (!in.isEmpty()) {
      long offset = Source.sum(lowest, in.number());
      long attemptsAndFate = in.number();
      long elapsed = in.number();
      long distance = in.number();
      entries.add(
          new RetryEntry(
              offset,
              attempts(attemptsAndFate),
              elapsed,
              distance == 0 ? -1 : Source.sum(earliest, distance - 1),
              fate((int) (attemptsAndFate % Fate.CODES))));
      if (!in.isEmpty()) {
        lowest = Source.sum(offset, 1);
      }
    }
    return entries;
  }

  private static int attempts(long attemptsAndFate) {
    long attempts = attemptsAndFate / Fate.CODES;
    Checks.atMost("attempts", attempts, Integer.MAX_VALUE);
    return (int) attempts;
  }

  private static Fate fate(int code) {
    Fate fate = Fate.ofCode(code);
    if (fate == null) {
      throw Unreadable.unknownVersion("unknown fate " + code);
    }
    return fate;
  }
}
