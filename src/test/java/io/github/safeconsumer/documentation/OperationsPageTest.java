package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.SafeConsumerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/OPERATIONS.md speaks of what the library says, and of all of it. */
class OperationsPageTest {
  private static final Path PAGE = Path.of("docs", "OPERATIONS.md");
  private static final Pattern FIRST_CODE = Pattern.compile("^\\| `([^`]+)`");

  @Test
  void shouldSayWhatToDoAboutEveryEvent() {
    List<String> rows = rows("## Events and log lines");

    assertThat(
            Arrays.stream(SafeConsumerEvent.class.getDeclaredClasses()).map(Class::getSimpleName))
        .isNotEmpty()
        .allSatisfy(
            event ->
                assertThat(rows).anyMatch(row -> row.matches("\\|[^|]*\\b" + event + "\\b.*")));
  }

  @Test
  void shouldQuoteHealthReasonsAsTheLibraryGivesThem() {
    String sources = sources();
    List<String> reasons =
        rows("## Probes").stream()
            .map(FIRST_CODE::matcher)
            .filter(Matcher::find)
            .map(code -> code.group(1))
            .toList();

    assertThat(reasons).hasSizeGreaterThan(10).allMatch(reason -> sources.contains('"' + reason));
  }

  private static List<String> rows(String heading) {
    return Documents.lines(PAGE).stream()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| "))
        .toList();
  }

  private static String sources() {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(file -> Documents.lines(file).stream())
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
