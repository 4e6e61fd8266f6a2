package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetter.Reason;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that users rely on says what the code does. */
class VersioningPageTest {
  private static final Path PAGE = Path.of("docs/VERSIONING.md");
  private static final Pattern ROW =
      Pattern.compile("^\\| `(safeconsumer\\.dlt\\.[a-z.-]+)` \\| (.+) \\|$", Pattern.MULTILINE);

  @Test
  void shouldDescribeExactlyTheHeadersThatAreWritten() throws Exception {
    List<String> described = new ArrayList<>();
    Matcher row = ROW.matcher(Files.readString(PAGE));
    while (row.find()) {
      described.add(row.group(1));
    }

    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(namesInTheCode())
        .hasSizeGreaterThan(20);
  }

  @Test
  void shouldDescribeTheFormatAndEveryReason() throws Exception {
    String page = Files.readString(PAGE);

    assertThat(page).contains("format of these headers: `" + DeadLetterHeaders.FORMAT + "`");
    for (Reason reason : Reason.values()) {
      // OTHER is never written.
      assertThat(page.contains("`" + DeadLetterHeaders.word(reason) + "`"))
          .as(reason.name())
          .isEqualTo(reason != Reason.OTHER);
    }
  }

  @Test
  void shouldStateTheBoundsThatAreKept() throws Exception {
    assertThat(Files.readString(PAGE))
        .contains("at most %,d characters".formatted(DeadLetterFactory.MESSAGE_CHARS))
        .contains("%,d characters in all".formatted(DeadLetterFactory.STACK_CHARS))
        .contains("value cut to " + Shrink.VALUE_BYTES / 1024 + " KiB")
        .contains("cut to " + Shrink.TRACE_BYTES / 1024 + " KiB;");
  }

  private static List<String> namesInTheCode() throws IllegalAccessException {
    List<String> names = new ArrayList<>();
    for (Field field : DeadLetterHeaders.class.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
        String value = (String) field.get(null);
        if (value.startsWith(DeadLetterHeaders.PREFIX) && !value.equals(DeadLetterHeaders.PREFIX)) {
          names.add(value);
        }
      }
    }
    return names;
  }
}
