package io.github.safeconsumer.internal.metadata;

import io.github.safeconsumer.internal.core.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Nothing that anybody can write beside an offset makes the reader fail. Notes are changed at
 * random, both as text and as bytes that get a right checksum, so that what lies behind the
 * checksum is reached. For long runs: {@code -Dsafeconsumer.fuzz.minutes=60}.
 */
class NoteMutationTest {
  private static final int NOTES = 3000;
  private static final int MUTANTS_OF_EACH = 20;

  @Test
  void shouldReadOrIgnoreWhateverBecameOfANote() {
    long minutes = Long.getLong("safeconsumer.fuzz.minutes", 0);
    long end = System.nanoTime() + minutes * 60_000_000_000L;
    do {
      Seeds.each(NOTES, NoteMutationTest::mutate);
    } while (System.nanoTime() - end < 0);
  }

  private static void mutate(Random random) {
    Note note = Notes.any(random);
    String text = NoteCodec.encode(note);
    byte[] content = Notes.open(text);
    for (int i = 0; i < MUTANTS_OF_EACH; i++) {
      NoteOracle.checkContent(NoteMutations.mutate(content, random));
      int at = random.nextInt(text.length());
      char other = (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(65536));
      NoteOracle.checkText(
          text.substring(0, at) + other + text.substring(at + random.nextInt(2)), note.base());
    }
  }
}
