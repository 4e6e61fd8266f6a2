package io.github.safeconsumer.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard can be imported, and what it is checked by sees what is wrong. */
class DashboardTest {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
  private static final Scrape SCRAPE =
      new Scrape(
          Map.of("lag", "gauge", "done_total", "counter"),
          Map.of("lag", Set.of("topic", "group"), "done_total", Set.of("group")),
          Set.of("topic=orders", "group=shipping"));

  @Test
  void shouldAskOneDataSourceThatTheReaderChooses() {
    assertThat(GrafanaFiles.panels())
        .hasSizeGreaterThan(30)
        .allSatisfy(
            panel -> {
              assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
              assertThat(GrafanaFiles.list(panel.get("targets")))
                  .isNotEmpty()
                  .allMatch(t -> t.at("/datasource/uid").asText().equals("${datasource}"));
            });
  }

  @Test
  void shouldUseOnlyVariablesThatItHas() {
    JsonNode dashboard = GrafanaFiles.dashboard();
    Set<String> has =
        GrafanaFiles.list(dashboard.at("/templating/list")).stream()
            .map(variable -> variable.get("name").asText())
            .collect(Collectors.toCollection(TreeSet::new));
    Matcher used = VARIABLE.matcher(dashboard.toString());
    Set<String> uses =
        used.results()
            .map(one -> one.group(1))
            .filter(name -> !name.startsWith("__"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(has).containsExactlyInAnyOrder("datasource", "group", "consumer", "topic");
    assertThat(uses).isEqualTo(has);
  }

  @Test
  void shouldGiveEveryPanelAnIdAndAPlaceOfItsOwn() {
    List<JsonNode> all = GrafanaFiles.list(GrafanaFiles.dashboard().get("panels"));
    Set<Integer> ids = new TreeSet<>();
    List<String> cells = new ArrayList<>();
    for (JsonNode panel : all) {
      ids.add(panel.get("id").asInt());
      JsonNode place = panel.get("gridPos");
      for (int x = place.get("x").asInt(); x < right(place); x++) {
        for (int y = place.get("y").asInt(); y < bottom(place); y++) {
          cells.add(x + "," + y);
        }
      }
      assertThat(right(place)).isLessThanOrEqualTo(24);
    }
    assertThat(ids).hasSameSizeAs(all);
    assertThat(cells).doesNotHaveDuplicates();
  }

  private static int right(JsonNode place) {
    return place.get("x").asInt() + place.get("w").asInt();
  }

  private static int bottom(JsonNode place) {
    return place.get("y").asInt() + place.get("h").asInt();
  }

  @Test
  void shouldExplainEveryAlertRuleAndNoOther() throws IOException {
    Set<String> explained =
        Files.readAllLines(Path.of("docs", "METRICS.md")).stream()
            .filter(line -> line.startsWith("| `SafeConsumer"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .collect(Collectors.toSet());

    assertThat(GrafanaFiles.ofRules())
        .extracting(Asked::where)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(explained);
    assertThat(
            GrafanaFiles.lines("alerts.yml").stream()
                .filter(line -> line.strip().startsWith("expr:")))
        .hasSize(explained.size());
  }

  @Test
  void shouldNameCausesThatTheDiagnosisKnows() throws IOException {
    StringBuilder sources = new StringBuilder();
    Path diagnosis = Path.of("src/main/java/io/github/safeconsumer/internal/diagnosis");
    try (Stream<Path> files = Files.list(diagnosis)) {
      for (Path file : files.toList()) {
        sources.append(Files.readString(file));
      }
    }
    Set<String> codes =
        Stream.concat(GrafanaFiles.ofRules().stream(), GrafanaFiles.ofDashboard().stream())
            .flatMap(asked -> asked.codes().stream())
            .collect(Collectors.toSet());

    assertThat(codes)
        .isNotEmpty()
        .allSatisfy(code -> assertThat(sources).contains('"' + code + '"'));
  }

  @Test
  void shouldAcceptWhatFits() {
    Asked fits =
        new Asked(
            "fits",
            "topk(3, sum by (topic) (lag{group=~\"$group\"})) > 2 and on (topic) max(lag{topic=\"orders\"}) "
                + "or 1.5 * sum without (instance) (rate(done_total{job=~\"a\"}[$__rate_interval]))",
            "{{topic}} {{ $labels.topic }}");

    assertThat(fits.complaints(SCRAPE)).isEmpty();
    assertThat(fits.metrics()).containsExactlyInAnyOrder("lag", "done_total");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sum(lagg)",
        "sum(lag{topics=\"a\"})",
        "sum by (partition) (lag)",
        "sum(lag{topic=\"order\"})",
        "sum(rate(lag[5m]))",
        "sum(done_total)",
        "avg by (group) (lag)"
      })
  void shouldSeeWhatDoesNotFit(String expression) {
    assertThat(new Asked("wrong", expression, "{{topic}}").complaints(SCRAPE)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sum(lag", "sum(lag))", "summ(lag)", "lag{topic}", "1 + 2", "lag § 2"})
  void shouldRefuseWhatIsNoExpression(String expression) {
    assertThatThrownBy(() -> PromQl.of(expression)).isInstanceOf(AssertionError.class);
  }
}
