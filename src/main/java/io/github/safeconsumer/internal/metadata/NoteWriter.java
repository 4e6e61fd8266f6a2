package io.github.safeconsumer.internal.metadata;

import java.util.List;

/** Writes a note as bytes: the fixed part, then the sections that are not empty. */
final class NoteWriter {
  private NoteWriter() {}

  static Bytes write(Note note) {
    Bytes out =
        new Bytes()
            .four(note.identity().cluster())
            .four(note.identity().topic())
            .one(note.mode().code())
            .eight(note.boot())
            .number(note.base())
            .number(note.leaseEnd() - note.base());
    CrashCase crashCase = note.crashCase();
    if (crashCase != null) {
      section(Sections.CASE, crashCase(crashCase), out);
    }
    Bytes done = new Bytes();
    Ranges.write(note.done(), note.base(), done);
    section(Sections.DONE, done, out);
    section(Sections.CONVICTIONS, convictions(note.convictionSeconds()), out);
    section(Sections.RETRIES, retries(note), out);
    return out;
  }

  private static void section(int tag, Bytes content, Bytes out) {
    if (content.size() > 0) {
      out.one(tag).number(content.size()).all(content);
    }
  }

  private static Bytes crashCase(CrashCase it) {
    boolean hasSolo = it.soloOffset() >= 0;
    Bytes out =
        new Bytes()
            .one((it.alone() ? Sections.CASE_ALONE : 0) | (hasSolo ? Sections.CASE_HAS_SOLO : 0))
            .number(it.uncleanEnds())
            .number(it.soloHalfDeaths())
            .number(it.updatedAtSeconds());
    if (hasSolo) {
      out.number(it.soloOffset());
    }
    // Counted from zero: a suspect may lie below the base.
    Ranges.write(it.suspects(), 0, out);
    return out;
  }

  private static Bytes convictions(List<Long> seconds) {
    Bytes out = new Bytes();
    long before = 0;
    for (long at : seconds) {
      out.number(at - before);
      before = at;
    }
    return out;
  }

  private static Bytes retries(Note note) {
    Bytes out = new Bytes();
    if (note.retries().isEmpty()) {
      return out;
    }
    long earliest =
        note.retries().stream()
            .mapToLong(RetryEntry::firstFailureSeconds)
            .filter(at -> at >= 0)
            .min()
            .orElse(0);
    out.number(earliest);
    long lowest = note.base();
    for (RetryEntry entry : note.retries()) {
      long first = entry.firstFailureSeconds();
      out.number(entry.offset() - lowest)
          .number((long) entry.attempts() * RetryEntry.Fate.CODES + entry.fate().code())
          .number(entry.elapsedMillis())
          .number(first < 0 ? 0 : first - earliest + 1);
      lowest = entry.offset() + 1;
    }
    return out;
  }
}
