package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.AlertPolicy;
import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/CONFIGURATION.md names every setting, with the bounds and defaults that the code has. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("docs", "CONFIGURATION.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private interface Change {
    void on(SafeConsumer.Builder<String, String> builder);
  }

  /** What the page says of a setting's bounds, and values at and beyond them. */
  record Bounds(String setting, String says, List<Change> inside, List<Change> outside) {
    @Override
    public String toString() {
      return setting + ": " + says;
    }
  }

  private static Stream<String> rows(String heading) {
    return Documents.lines(PAGE).stream()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| `"));
  }

  private static String cell(String row, int number) {
    return Arrays.asList(Pattern.compile(" \\| ").split(row.substring(2), -1)).get(number);
  }

  private static String rowOf(String setting) {
    return Stream.of("## Essential", "## Frequent", "## Rare")
        .flatMap(ConfigurationPageTest::rows)
        .filter(row -> cell(row, 0).contains("`" + setting + "`"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(setting + " is not in " + PAGE));
  }

  @Test
  void shouldNameEverySettingOfTheBuilderAndNoOther() {
    Set<String> named = new TreeSet<>();
    Stream.of("## Essential", "## Frequent", "## Rare")
        .flatMap(ConfigurationPageTest::rows)
        .forEach(
            row -> CODE.matcher(cell(row, 0)).results().forEach(code -> named.add(code.group(1))));
    named.add("noHandlerTimeout"); // told with handlerTimeout
    assertThat(rowOf("handlerTimeout")).contains("noHandlerTimeout()");
    Set<String> there =
        Arrays.stream(SafeConsumer.Builder.class.getDeclaredMethods())
            .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .filter(name -> !name.equals("build"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).isEqualTo(there);
  }

  static Stream<Bounds> bounds() {
    return Stream.of(
        new Bounds(
            "concurrency",
            "1 to 10,000",
            List.of(b -> b.concurrency(1), b -> b.concurrency(10_000)),
            List.of(b -> b.concurrency(0), b -> b.concurrency(10_001))),
        new Bounds(
            "crashLimit",
            "2 to 100; 0 for no guard",
            List.of(b -> b.crashLimit(0), b -> b.crashLimit(2), b -> b.crashLimit(100)),
            List.of(b -> b.crashLimit(1), b -> b.crashLimit(101), b -> b.crashLimit(-1))),
        new Bounds(
            "handlerTimeout",
            "10 ms to 24 h",
            List.of(
                b -> b.handlerTimeout(Duration.ofMillis(10)),
                b -> b.handlerTimeout(Duration.ofHours(24))),
            List.of(
                b -> b.handlerTimeout(Duration.ofMillis(9)),
                b -> b.handlerTimeout(Duration.ofHours(24).plusMillis(1)))),
        new Bounds(
            "expectedLatency",
            "over 0, to 24 h",
            List.of(
                b -> b.expectedLatency(Duration.ofNanos(1)),
                b -> b.expectedLatency(Duration.ofHours(24)).longRunning().noHandlerTimeout()),
            List.of(
                b -> b.expectedLatency(Duration.ZERO),
                b -> b.expectedLatency(Duration.ofHours(25)).longRunning().noHandlerTimeout())),
        new Bounds(
            "maxRecordsPerSecond",
            "0.001 to 10,000,000",
            List.of(
                b -> b.maxRecordsPerSecond(0.001),
                b -> b.maxRecordsPerSecond(10_000_000),
                b -> b.maxRecordsPerSecond(Double.POSITIVE_INFINITY)),
            List.of(
                b -> b.maxRecordsPerSecond(0.0009),
                b -> b.maxRecordsPerSecond(10_000_001),
                b -> b.maxRecordsPerSecond(Double.NaN))),
        new Bounds(
            "retry",
            "1 to 1,000,000 attempts; delays and elapsed over 0, to 30 days; jitter 0.0 to 1.0",
            List.of(
                b -> b.retry(RetryPolicy.none()),
                b -> b.retry(RetryPolicy.fixed(Duration.ofDays(30)).jitter(1.0)).preflight(warn())),
            List.of(
                b -> b.retry(RetryPolicy.defaults().maxAttempts(0)),
                b -> b.retry(RetryPolicy.defaults().maxAttempts(1_000_001)),
                b -> b.retry(RetryPolicy.fixed(Duration.ofDays(31))),
                b -> b.retry(RetryPolicy.defaults().jitter(1.1)))),
        new Bounds(
            "circuitBreaker",
            "1 to 10,000 failures; times 1 ms to 24 h",
            List.of(
                b -> b.circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(1)),
                b -> b.circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(10_000)),
                b ->
                    b.circuitBreaker(
                        CircuitBreakerPolicy.defaults()
                            .openFor(Duration.ofMillis(1), Duration.ofHours(24)))),
            List.of(
                b -> b.circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(0)),
                b -> b.circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(10_001)),
                b -> b.circuitBreaker(CircuitBreakerPolicy.defaults().openFor(Duration.ZERO)))),
        new Bounds(
            "handler",
            "batches from 1 to 100,000 records, linger from 0 to 1 min",
            List.of(),
            List.of(
                b -> b.batchHandler(noBatch(), BatchPolicy.of(0)),
                b -> b.batchHandler(noBatch(), BatchPolicy.of(100_001)),
                b -> b.batchHandler(noBatch(), BatchPolicy.of(1).linger(Duration.ofMinutes(2))),
                b -> b.batchHandler(noBatch(), BatchPolicy.of(1)))),
        new Bounds(
            "name",
            "not empty, no control characters",
            List.of(b -> b.name("x")),
            List.of(b -> b.name(""), b -> b.name("a\nb"))));
  }

  private static io.github.safeconsumer.Preflight.Mode warn() {
    return io.github.safeconsumer.Preflight.Mode.WARN_ONLY;
  }

  private static BatchHandler<String, String> noBatch() {
    return BatchHandler.of((records, context) -> {});
  }

  private static SafeConsumer.Builder<String, String> valid() {
    return SafeConsumer.<String, String>builder()
        .kafka("bootstrap.servers", "localhost:9092")
        .kafka("group.id", "group")
        .topics("orders")
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .handler(RecordHandler.of((record, context) -> {}))
        .deadLetter(DeadLetterPolicy.none());
  }

  @ParameterizedTest
  @MethodSource
  void bounds(Bounds bounds) {
    assertThat(rowOf(bounds.setting())).contains(bounds.says());
    for (Change inside : bounds.inside()) {
      SafeConsumer.Builder<String, String> builder = valid();
      assertThatCode(
              () -> {
                inside.on(builder);
                builder.build();
              })
          .doesNotThrowAnyException();
    }
    for (Change outside : bounds.outside()) {
      SafeConsumer.Builder<String, String> builder = valid();
      assertThatThrownBy(
              () -> {
                outside.on(builder);
                builder.build();
              })
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void shouldRefuseWhatIsEssentialAndMissing() {
    assertThatThrownBy(() -> SafeConsumer.<String, String>builder().build())
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            refused -> {
              String all = refused.findings().toString();
              assertThat(all)
                  .contains("bootstrap.servers", "group.id", "topics", "handler", "deadLetter")
                  .contains("keyDeserializer", "valueDeserializer");
            });
  }

  @Test
  void shouldGiveTheDefaultsThatTheCodeHas() {
    RetryPolicy retry = RetryPolicy.defaults();
    assertThat(cell(rowOf("retry"), 1))
        .isEqualTo(
            "%d attempts, %d s doubling to %d s, +-%.0f %%, %d min"
                .formatted(
                    retry.maxAttempts(),
                    retry.first().toSeconds(),
                    retry.cap().toSeconds(),
                    retry.jitter() * 100,
                    retry.maxElapsed().toMinutes()));
    CircuitBreakerPolicy breaker = CircuitBreakerPolicy.defaults();
    assertThat(cell(rowOf("circuitBreaker"), 1))
        .isEqualTo(
            "%d in a row, %d s doubling to %d s, a lone record held for %d h at most"
                .formatted(
                    breaker.failures(),
                    breaker.firstOpen().toSeconds(),
                    breaker.longestOpen().toSeconds(),
                    breaker.longestHold().toHours()));
    AlertPolicy alerts = AlertPolicy.defaults();
    assertThat(cell(rowOf("alerts"), 1))
        .isEqualTo(
            "blocked for %d min, %d assignments or 1 eviction in %d min, %d unclean ends in an hour"
                .formatted(
                    alerts.blockedFor().orElseThrow().toMinutes(),
                    alerts.assignments().orElseThrow(),
                    alerts.assignmentsWithin().toMinutes(),
                    alerts.uncleanEndsAnHour().orElseThrow()));
    // What a consumer shows of its own defaults.
    assertThat(valid().build().status().budget().maxPollRecords()).isEqualTo(500);
    assertThat(rowOf("concurrency")).contains("| 1 | ");
    assertThat(valid().build().status().budget().parallelism()).isLessThanOrEqualTo(1);
  }
}
