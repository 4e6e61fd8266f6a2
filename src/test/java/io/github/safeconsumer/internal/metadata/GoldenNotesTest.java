package io.github.safeconsumer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.internal.metadata.RetryEntry.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What version 1 wrote is read for ever: nothing in the file may change, lines may be added. A
 * later format gets a file of its own, and reads this one too.
 */
class GoldenNotesTest {
  private static final Path FILE = Path.of("src/test/resources/notes-version-1.txt");
  private static final long BOOT = 0x0123_4567_89AB_CDEFL;
  private static final long MAX = Long.MAX_VALUE;
  private static final long NOON = 1_700_000_000L;

  private static OffsetRange range(long from, long to) {
    return new OffsetRange(from, to);
  }

  static Note workedExample() {
    return new Note(
        Notes.OWN,
        1000,
        Mode.OPEN,
        BOOT,
        2000,
        new CrashCase(2, List.of(range(1000, 1003), range(1004, 1100)), 1000, true, 2, NOON),
        List.of(NOON - 60),
        List.of(
            new RetryEntry(1000, 3, 1500, NOON, Fate.RETRYING),
            new RetryEntry(1007, 10, 600_000, -1, Fate.EXHAUSTED)),
        List.of(range(1001, 1003), range(1200, 1500)));
  }

  private static Note plain(long base, Mode mode, long leaseEnd, List<OffsetRange> done) {
    return new Note(Notes.OWN, base, mode, BOOT, leaseEnd, null, List.of(), List.of(), done);
  }

  private static List<RetryEntry> everyFate() {
    Fate[] fates = {
      Fate.RETRYING,
      Fate.EXHAUSTED,
      Fate.NON_RETRYABLE,
      Fate.UNDESERIALIZABLE,
      Fate.HUNG,
      Fate.CRASHED
    };
    return IntStream.range(0, fates.length)
        .mapToObj(i -> new RetryEntry(500 + 3L * i, i * 9, i * 1000L, NOON + i - 1, fates[i]))
        .toList();
  }

  private static Map<String, Note> notes() {
    Map<String, Note> notes = new LinkedHashMap<>();
    notes.put("worked-example", workedExample());
    notes.put("open", plain(0, Mode.OPEN, 1000, List.of()));
    notes.put("leaving", plain(1_234_567_890_123L, Mode.LEAVING, 1_234_567_890_123L, List.of()));
    notes.put("closed", plain(77, Mode.CLOSED, 99, List.of()));
    notes.put("runs", plain(10, Mode.OPEN, 5000, List.of(range(20, 300), range(301, 4000))));
    notes.put("bitmap", plain(10, Mode.OPEN, 5000, Notes.everySecond(10, 21)));
    notes.put(
        "fates",
        new Note(
            new Identity(0, 0), 500, Mode.OPEN, -1, 600, null, List.of(), everyFate(), List.of()));
    notes.put(
        "case-without-suspects",
        new Note(
            new Identity(-1, 1),
            0,
            Mode.CLOSED,
            0,
            0,
            new CrashCase(Integer.MAX_VALUE, List.of(), -1, false, 1, 0),
            List.of(0L, 0L, NOON),
            List.of(),
            List.of()));
    notes.put(
        "last-offsets",
        new Note(
            Notes.OWN,
            MAX - 9,
            Mode.OPEN,
            Long.MIN_VALUE,
            MAX,
            new CrashCase(1, Notes.everySecond(MAX - 10, 5), MAX, false, 0, 253_402_300_799L),
            List.of(253_402_300_799L),
            List.of(new RetryEntry(MAX, Integer.MAX_VALUE, MAX, 253_402_300_799L, Fate.CRASHED)),
            List.of(range(MAX - 9, MAX - 7), range(MAX - 1, MAX))));
    return notes;
  }

  @Test
  void shouldReadWhatVersionOneWrote() throws Exception {
    Map<String, String> texts = texts();
    assertThat(texts).containsOnlyKeys(notes().keySet());
    notes()
        .forEach(
            (name, note) ->
                assertThat(NoteCodec.decode(texts.get(name), note.base(), note.identity()))
                    .as(name)
                    .isEqualTo(new Reading.Read(note)));
  }

  @Test
  void shouldWriteWhatVersionOneWrote() throws Exception {
    Map<String, String> texts = texts();
    notes().forEach((name, note) -> assertThat(NoteCodec.encode(note)).isEqualTo(texts.get(name)));
  }

  private static Map<String, String> texts() throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String line : Files.readAllLines(FILE)) {
      int space = line.indexOf(' ');
      texts.put(line.substring(0, space), line.substring(space + 1));
    }
    return texts;
  }

  /** Prints the lines of the file, for those that are new. */
  public static void main(String[] args) {
    notes().forEach((name, note) -> System.out.println(name + " " + NoteCodec.encode(note)));
  }
}
