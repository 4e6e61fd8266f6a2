package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.diagnosis.Words;
import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.util.ArrayList;
import java.util.List;

/** What a SafeConsumer left beside an offset, in words. */
final class NoteWords {
  private NoteWords() {}

  static String of(Note note) {
    List<String> words = new ArrayList<>();
    if (!note.retries().isEmpty()) {
      words.add(
          Words.count(note.retries().size(), "record")
              + " failing, the first at "
              + first(note.retries().get(0)));
    }
    CrashCase crash = note.crashCase();
    if (crash != null) {
      words.add(
          Words.count(crash.uncleanEnds(), "owner")
              + " died in a row, "
              + Words.count(crash.suspects().size(), "range")
              + " of suspects");
    }
    long ahead = note.done().stream().mapToLong(NoteWords::length).sum();
    if (ahead > 0) {
      words.add(Words.count(ahead, "record") + " done ahead");
    }
    if (note.mode() != Mode.OPEN) {
      words.add(note.mode().name());
    }
    return words.isEmpty() ? "SafeConsumer" : String.join("; ", words);
  }

  private static long length(OffsetRange range) {
    return range.to() - range.from();
  }

  /** Offset, attempts and what is to become of it. */
  static String first(RetryEntry entry) {
    return "offset "
        + entry.offset()
        + " ("
        + Words.count(entry.attempts(), "attempt")
        + (entry.fate().owesDeadLetter() ? ", owes a dead letter: " + entry.fate() : "")
        + ")";
  }
}
