package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** docs/DOCTOR.md has every code that the doctor can give and no other; its JSON is documented. */
class DoctorPageTest {
  private static final Path PAGE = Path.of("docs", "DOCTOR.md");
  private static final Path API = Path.of("docs", "VERSIONING.md");
  private static final Path SOURCES =
      Path.of("src", "main", "java", "io", "github", "safeconsumer", "internal", "doctor");
  private static final Pattern GIVEN =
      Pattern.compile("\\bCauseBuilder\\(\\s*(?:given \\? )?\"([A-Z_]+)\"(?: : \"([A-Z_]+)\")?");
  private static final Pattern ROW = Pattern.compile("^\\| ([A-Z_]+) \\|");

  @Test
  void shouldHaveEveryCodeAndNoOther() throws IOException {
    Set<String> given = new TreeSet<>(Set.of(Cause.NOTHING_WRONG));
    Matcher code = GIVEN.matcher(sources());
    while (code.find()) {
      given.add(code.group(1));
      if (code.group(2) != null) {
        given.add(code.group(2));
      }
    }
    Set<String> told =
        rows(PAGE, "## What it says").stream()
            .map(ROW::matcher)
            .filter(Matcher::find)
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(told).hasSizeGreaterThan(15).isEqualTo(given);
  }

  @Test
  void shouldNameEveryFieldOfTheReport() throws IOException {
    JsonNode json = new ObjectMapper().readTree(report().toJson());
    Set<String> fields = new TreeSet<>();
    json.fieldNames().forEachRemaining(fields::add);
    for (String array : List.of("members", "partitions", "causes")) {
      json.get(array).get(0).fieldNames().forEachRemaining(fields::add);
    }
    String table = String.join("\n", rows(API, "## Report of a group as JSON"));

    assertThat(fields)
        .hasSizeGreaterThan(20)
        .allSatisfy(field -> assertThat(table).contains('`' + field + '`'));
  }

  private static GroupReport report() {
    return new GroupReport(
        Instant.EPOCH,
        "billing",
        "CONSUMER",
        "STABLE",
        Optional.empty(),
        List.of(new GroupReport.Member("id", "client", "/host", 1)),
        List.of(
            new GroupReport.Partition(
                new TopicPartition("orders", 0),
                Optional.empty(),
                OptionalLong.empty(),
                1,
                1,
                Optional.empty(),
                Duration.ZERO,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                "")),
        List.of(new Cause(Cause.NOTHING_WRONG, "", "", Map.of())),
        List.of());
  }

  private static List<String> rows(Path page, String heading) {
    return Documents.lines(page).stream()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| "))
        .toList();
  }

  private static String sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .flatMap(file -> Documents.lines(file).stream())
          .collect(Collectors.joining("\n"));
    }
  }
}
