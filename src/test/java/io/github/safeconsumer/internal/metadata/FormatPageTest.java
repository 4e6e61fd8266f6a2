package io.github.safeconsumer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page by which others write a reader says what the code does. */
class FormatPageTest {
  private static final Pattern BYTES =
      Pattern.compile("^\\| `([0-9a-f ]+)` \\|", Pattern.MULTILINE);

  private static String page = "";
  private static String example = "";

  @BeforeAll
  static void read() throws Exception {
    page = Files.readString(Path.of("docs/VERSIONING.md"));
    example = page.substring(page.indexOf("### Worked example"));
  }

  @Test
  void shouldShowANoteThatSaysWhatThePageSays() {
    Note note = GoldenNotesTest.workedExample();

    assertThat(example).contains("\n" + NoteCodec.encode(note) + "\n");
    assertThat(example).contains("`kVxxJrOTSQeCXg2gSD9Mgg`").contains("`pWzq0MGeQrGqVrLJzZYVdw`");
    assertThat(note.identity())
        .isEqualTo(Identity.of("kVxxJrOTSQeCXg2gSD9Mgg", "pWzq0MGeQrGqVrLJzZYVdw"));
  }

  @Test
  void shouldExplainEveryByteOfTheExample() {
    StringBuilder hex = new StringBuilder();
    Matcher row = BYTES.matcher(example);
    while (row.find()) {
      hex.append(row.group(1).replace(" ", ""));
    }
    byte[] all = HexFormat.of().parseHex(hex);
    byte[] content = Arrays.copyOf(all, all.length - 4);

    String text = NoteCodec.encode(GoldenNotesTest.workedExample());
    assertThat(Notes.seal(content)).isEqualTo(text);
    assertThat(Base64.getUrlDecoder().decode(text.substring(4))).isEqualTo(all);
  }

  @Test
  void shouldStateCodesAndBounds() {
    assertThat(page)
        .contains("At most %d |".formatted(Note.MAX_CONVICTIONS))
        .contains("%,d done ranges".formatted(NoteCodec.MAX_RANGES))
        .contains("%d ranges of suspects".formatted(NoteCodec.MAX_SUSPECT_RANGES))
        .contains("%,d characters".formatted(NoteCodec.MAX_CHARS))
        .contains("times %d, plus the fate".formatted(RetryEntry.Fate.CODES));
    for (Mode mode : Mode.values()) {
      assertThat(page).contains("`" + mode.code() + "` " + mode.name());
    }
    for (Reading.Reason reason : Reading.Reason.values()) {
      assertThat(page).contains("| " + reason.name() + " |");
    }
    for (int tag :
        new int[] {Sections.CASE, Sections.DONE, Sections.CONVICTIONS, Sections.RETRIES}) {
      assertThat(page).containsPattern("(?m)^\\| " + tag + " \\| [a-z]+ \\|");
    }
  }
}
