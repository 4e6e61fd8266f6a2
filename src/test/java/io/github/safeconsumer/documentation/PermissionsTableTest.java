package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The commands below the table grant what the table says; an integration test holds the table. */
class PermissionsTableTest {
  private static final Pattern GRANT =
      Pattern.compile("--operation (\\w+) --(topic|group) ([\\w.-]+)");

  @Test
  void shouldGrantByCommandWhatTheTableLists() {
    List<String> granted =
        Documents.blocks(Path.of("docs", "OPERATIONS.md"), "sh").stream()
            .flatMap(block -> block.code().lines())
            .filter(line -> line.startsWith("kafka-acls.sh"))
            .map(PermissionsTableTest::grant)
            .toList();

    assertThat(granted)
        .containsExactlyInAnyOrderElementsOf(
            PermissionsTable.rows().stream().map(PermissionsTable.Row::toString).toList());
  }

  private static String grant(String command) {
    Matcher grant = GRANT.matcher(command);
    assertThat(grant.find()).as(command).isTrue();
    return Documents.operation(grant.group(1))
        + " on "
        + grant.group(2).toLowerCase(Locale.ROOT)
        + " "
        + grant.group(3);
  }
}
