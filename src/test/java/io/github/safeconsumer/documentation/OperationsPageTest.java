package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.SafeConsumerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  void shouldSayWhatToDoAboutEveryCodeOfADiagnosisAndNameNoOther() {
    Set<String> given = new TreeSet<>();
    Pattern code = Pattern.compile("\"([A-Z]{3,}(?:_[A-Z]+)*)\"");
    for (String source : sources("io/github/safeconsumer/internal/diagnosis")) {
      code.matcher(source).results().forEach(found -> given.add(found.group(1)));
    }
    given.add(Cause.NOTHING_WRONG);
    Set<String> told = new TreeSet<>();
    for (String row : rows("## Diagnosis")) {
      Pattern.compile("[A-Z]{3,}(?:_[A-Z]+)*")
          .matcher(row.substring(2, row.indexOf(" |")))
          .results()
          .forEach(found -> told.add(found.group()));
    }
    assertThat(told).isEqualTo(given).hasSizeGreaterThan(20);
  }

  @Test
  void shouldExplainEveryAlertByItsName() {
    Pattern name = Pattern.compile("add\\(\\s*\"([a-z-]+)\"");
    Set<String> given = new TreeSet<>();
    String source = String.join("\n", sources("io/github/safeconsumer/internal/diagnosis"));
    name.matcher(source).results().forEach(found -> given.add(found.group(1)));
    Set<String> told = new TreeSet<>();
    rows("## Alerts")
        .forEach(
            row -> FIRST_CODE.matcher(row).results().forEach(found -> told.add(found.group(1))));
    assertThat(told).isEqualTo(given).hasSize(6);
  }

  @Test
  void shouldQuoteHealthReasonsAsTheLibraryGivesThem() {
    String sources = String.join("\n", sources(""));
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

  private static List<String> sources(String folder) {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java", folder))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> String.join("\n", Documents.lines(file)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
