package io.github.safeconsumer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.internal.metadata.Reading.Ignored;
import java.util.Arrays;

/** What holds for every string and all bytes, whoever made them. */
final class NoteOracle {
  private static final Identity UNKNOWN = new Identity(0, 0);

  private NoteOracle() {}

  /** A string is read or ignored; what is read is written as it was read. */
  static void checkText(String text, long base) {
    Reading reading = NoteCodec.decode(text, base, UNKNOWN);
    if (reading instanceof Reading.Read read) {
      assertThat(read.note().base()).isEqualTo(base);
      assertThat(Notes.read(NoteCodec.encode(read.note()), base)).isEqualTo(reading);
    } else if (reading instanceof Ignored ignored) {
      assertThat(ignored.detail()).matches("[ -~]{1,100}");
    } else {
      assertThat(text).isEmpty();
    }
  }

  /** The same for bytes that have the right checksum. */
  static void checkContent(byte[] content) {
    String text = Notes.seal(content);
    Note note;
    try {
      note = NoteReader.read(new Source(content, 0, content.length));
    } catch (Unreadable | IllegalArgumentException ignored) {
      assertThat(Notes.read(text, 0)).isInstanceOf(Ignored.class);
      checkText(text, 0);
      return;
    }
    assertThat(Notes.read(text, note.base()))
        .as(Arrays.toString(content))
        .isEqualTo(new Reading.Read(note));
    checkText(text, note.base());
    checkText(text, note.base() + 1);
    // Not into the length of what was read: other writers may have found a shorter way to say it.
    Fitted fitted = NoteFit.fit(note, NoteCodec.encode(note).length());
    assertThat(fitted.complete()).as("it fits into its own length").isTrue();
  }
}
