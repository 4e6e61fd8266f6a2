package io.github.safeconsumer.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/METRICS.md names the meters that there are, and all of them. */
class MetricsPageTest {
  private static final Path PAGE = Path.of("docs", "METRICS.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Set<String> COMMON = Set.of("consumer", "group");

  /** A row of the tables, or a meter. */
  private record Entry(String name, String type, String unit, Set<String> tags) {}

  /** As a row has it, with what Prometheus makes of it. */
  private record Row(Entry entry, String prometheus) {}

  @Test
  void shouldListTheMetersAsTheyAre() {
    try (Meters meters = Everything.in(new SimpleMeterRegistry())) {
      Set<Entry> real =
          meters.registry.getMeters().stream()
              .map(MetricsPageTest::entry)
              .collect(Collectors.toCollection(MetricsPageTest::someSet));

      assertThat(names(real)).hasSize(Figure.values().length);
      assertThat(set(row -> row.entry())).containsExactlyInAnyOrderElementsOf(real);
    }
  }

  @Test
  void shouldSayWhatTheyAreCalledInPrometheus() {
    PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (Meters meters = Everything.in(prometheus)) {
      Scrape scrape = Scrape.of(prometheus.scrape());

      assertThat(rows())
          .allSatisfy(
              row -> {
                assertThat(scrape.types()).containsEntry(row.prometheus(), row.entry().type());
                Set<String> labels = new TreeSet<>(row.entry().tags());
                labels.addAll(COMMON);
                assertThat(scrape.labels()).containsEntry(row.prometheus(), labels);
              });
      assertThat(set(Row::prometheus))
          .containsExactlyInAnyOrderElementsOf(scrape.labels().keySet());
      assertThat(meters.driver.status().handled()).isEqualTo(1);
    }
  }

  private static Entry entry(Meter meter) {
    return new Entry(
        meter.getId().getName(),
        meter instanceof FunctionCounter ? "counter" : "gauge",
        Objects.requireNonNullElse(meter.getId().getBaseUnit(), ""),
        meter.getId().getTags().stream()
            .map(Tag::getKey)
            .filter(key -> !COMMON.contains(key))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static Set<Entry> someSet() {
    return new HashSet<>();
  }

  private static Set<String> names(Set<Entry> entries) {
    return entries.stream().map(Entry::name).collect(Collectors.toSet());
  }

  private static <T> Set<T> set(Function<Row, T> part) {
    return rows().stream().map(part).collect(Collectors.toSet());
  }

  /** Meter, Prometheus, type, unit, tags, and what it means. */
  private static List<Row> rows() {
    try {
      return Files.readAllLines(PAGE).stream()
          .filter(line -> line.startsWith("| `safeconsumer."))
          .map(line -> line.split("\\|"))
          .map(
              cells ->
                  new Row(
                      new Entry(
                          code(cells[1]).get(0),
                          cells[3].strip(),
                          cells[4].strip(),
                          new TreeSet<>(code(cells[5]))),
                      code(cells[2]).get(0)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> code(String cell) {
    Matcher code = CODE.matcher(cell);
    return code.results().map(one -> one.group(1)).toList();
  }
}
