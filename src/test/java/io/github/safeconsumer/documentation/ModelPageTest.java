package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/MODEL.md lists what src/model has, and no property of it is without a bug it catches. */
class ModelPageTest {
  private static final Path PAGE = Path.of("docs", "MODEL.md");
  private static final Path MODEL = Path.of("src", "model");
  private static final Pattern PROPERTY = Pattern.compile("^([SL]\\d+_\\w+) ==");
  private static final Pattern MUTATED = Pattern.compile("Is\\(\"(\\w+)\"\\)");
  private static final Pattern FIRST_CODE = Pattern.compile("^\\| `(\\w+)` \\|");
  private static final Pattern LAST_CODE = Pattern.compile("\\| `(\\w+)` \\|$");

  @Test
  void shouldExplainEveryProperty() {
    assertThat(found(FIRST_CODE, rows("## The properties"))).isEqualTo(properties());
  }

  @Test
  void shouldSayOfEveryMutantWhatCatchesIt() {
    Map<String, String> shown =
        rows("## The mutants").stream()
            .filter(row -> row.startsWith("| `"))
            .collect(
                Collectors.toMap(
                    row -> first(FIRST_CODE, row),
                    row -> first(LAST_CODE, row),
                    (one, other) -> one + " and " + other,
                    TreeMap::new));

    assertThat(shown).isEqualTo(mutants());
  }

  @Test
  void shouldHaveAMutantForEveryProperty() {
    assertThat(new TreeSet<>(mutants().values())).isEqualTo(properties());
  }

  @Test
  void shouldListEveryMutantThatTheModelHas() {
    assertThat(found(MUTATED, Documents.lines(MODEL.resolve("Handshake.tla"))))
        .isEqualTo(mutants().keySet());
  }

  @Test
  void shouldCheckEveryProperty() {
    Set<String> checked =
        Stream.of("safety", "crossing", "liveness", "outage")
            .flatMap(name -> Documents.lines(MODEL.resolve(name + ".cfg")).stream())
            .map(String::trim)
            .filter(properties()::contains)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(checked).isEqualTo(properties());
  }

  private static Set<String> properties() {
    return found(PROPERTY, Documents.lines(MODEL.resolve("Properties.tla")));
  }

  /** Mutants and the property that catches each. */
  private static Map<String, String> mutants() {
    return Documents.lines(MODEL.resolve("mutants")).stream()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.trim().split("\\s+"))
        .collect(
            Collectors.toMap(
                row -> row[0], row -> row[1], (one, other) -> one + " and " + other, TreeMap::new));
  }

  private static List<String> rows(String heading) {
    return Documents.lines(PAGE).stream()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .toList();
  }

  private static Set<String> found(Pattern pattern, List<String> lines) {
    return lines.stream()
        .flatMap(line -> pattern.matcher(line).results())
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String first(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    assertThat(matcher.find()).as(line).isTrue();
    return matcher.group(1);
  }
}
