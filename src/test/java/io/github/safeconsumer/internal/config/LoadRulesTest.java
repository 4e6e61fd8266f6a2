package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import io.github.safeconsumer.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a declared latency build() refuses what the loop cannot repair, and nothing else. */
class LoadRulesTest {

  @ParameterizedTest
  @CsvSource({
    "30000, 120, PARTITION, 16, , 175",
    "30000, 120, KEY, 2, , 350",
    "30000, 120, KEY, 4, , 500",
    "30000, 10, KEY, 4, , 500",
    "30000, 5, KEY, 4, 2000, 2000",
    "30000, 10, PARTITION, 1, 1200, 1200",
    "30000, 13000, UNORDERED, 1, , 1",
    "30000, 14000, UNORDERED, 3, , 3"
  })
  void shouldChooseMaxPollRecordsByTheBudgetWhereItWasLeftOpen(
      int interval, int latency, Ordering ordering, int concurrency, Integer batch, int chosen) {
    Settings<String, String> settings =
        Given.settings(
            raw -> {
              raw.kafka.put("max.poll.interval.ms", interval);
              raw.expectedLatency = Duration.ofMillis(latency);
              raw.ordering = ordering;
              raw.concurrency = concurrency;
              if (batch != null) {
                batches(raw, batch);
              }
            });

    assertThat(settings.kafka().maxPollRecords()).isEqualTo(chosen);
    assertThat(settings.kafka().consumer()).containsEntry("max.poll.records", chosen);
    assertThat(settings.advice()).isEmpty();
    assertThat(settings.expectedLatency()).isEqualTo(Duration.ofMillis(latency));
  }

  @Test
  void shouldLeaveMaxPollRecordsAsGivenAndAdviseWithTheSum() {
    Settings<String, String> settings =
        Given.settings(
            raw -> {
              raw.kafka.put("max.poll.interval.ms", 30_000);
              raw.kafka.put("max.poll.records", 500);
              raw.expectedLatency = Duration.ofMillis(120);
            });

    assertThat(settings.kafka().maxPollRecords()).isEqualTo(500);
    Finding advice = settings.advice().get(0);
    assertThat(settings.advice()).hasSize(1);
    assertThat(advice.severity()).isEqualTo(Severity.ADVICE);
    assertThat(advice.setting()).isEqualTo("max.poll.records");
    assertThat(advice.rule()).startsWith("500 records x 120 ms = 60 s, over 0.7 x 30 s = 21 s;");
    assertThat(advice.remedy()).contains("max.poll.records <= 175");
  }

  @Test
  void shouldRefuseABatchThatARebalanceCannotWaitForAndNameTheSizeThatFits() {
    Consumer<RawSettings<String, String>> slow =
        raw -> {
          raw.expectedLatency = Duration.ofMillis(70);
          batches(raw, 500);
        };
    List<Finding> unsafe = Given.unsafe(slow);

    assertThat(unsafe).hasSize(1);
    assertThat(unsafe.get(0).setting()).isEqualTo("batchHandler");
    assertThat(unsafe.get(0).rule())
        .startsWith("500 records x 70 ms = 35 s, over drainTimeout = 30 s:");
    assertThat(unsafe.get(0).remedy())
        .isEqualTo(
            "use BatchPolicy.of(428) or smaller, or drainTimeout >= 35 s,"
                + " or call longRunning() if that is meant");
    assertThat(Given.unsafe(slow.andThen(raw -> batches(raw, 428)))).isEmpty();
    assertThat(Given.unsafe(slow.andThen(raw -> batches(raw, 429)))).hasSize(1);
    assertThat(Given.unsafe(slow.andThen(raw -> raw.drainTimeout = Duration.ofSeconds(35))))
        .isEmpty();
    assertThat(Given.unsafe(slow.andThen(raw -> raw.longRunning = true))).isEmpty();
  }

  @Test
  void shouldAcceptLongAttemptsThatAreMeant() {
    Settings<String, String> settings =
        Given.settings(
            raw -> {
              raw.expectedLatency = Duration.ofHours(24);
              raw.longRunning = true;
              raw.retry = RetryPolicy.none();
            });

    assertThat(settings.advice()).isEmpty();
    assertThat(settings.kafka().maxPollRecords()).isEqualTo(1);
  }

  @Test
  void shouldNameTheIntervalThatADrainOfThatLengthNeeds() {
    List<Finding> unsafe =
        Given.unsafe(
            raw -> {
              raw.kafka.put("max.poll.interval.ms", 30_000);
              raw.expectedLatency = Duration.ofSeconds(40);
            });

    assertThat(unsafe)
        .singleElement()
        .extracting(Finding::remedy)
        .isEqualTo(
            "use drainTimeout >= 40 s with max.poll.interval.ms >= 53445,"
                + " or call longRunning() if that is meant");
    assertThat(
            Given.unsafe(
                raw -> {
                  raw.kafka.put("max.poll.interval.ms", 53_445);
                  raw.drainTimeout = Duration.ofSeconds(40);
                  raw.expectedLatency = Duration.ofSeconds(40);
                }))
        .isEmpty();
  }

  @Test
  void shouldCountTheAttemptsThemselvesInTheReachOfRetries() {
    Consumer<RawSettings<String, String>> slow =
        raw -> {
          raw.expectedLatency = Duration.ofSeconds(80);
          raw.longRunning = true;
        };
    List<Finding> byDefault = Given.findings(slow);
    List<Finding> declared =
        Given.findings(slow.andThen(raw -> raw.retry = RetryPolicy.defaults()));

    assertThat(byDefault).singleElement().extracting(Finding::severity).isEqualTo(Severity.WARNING);
    assertThat(declared).singleElement().extracting(Finding::severity).isEqualTo(Severity.UNSAFE);
    assertThat(declared.get(0).rule())
        .contains(
            "= 2 min 7 s, and the 6 attempts between the first and the last take 6 x 80 s = 8 min,"
                + " together 10 min 7 s, over maxElapsed = 10 min");
    assertThat(declared.get(0).remedy()).startsWith("use maxAttempts(7) or fewer");
    Duration fits = Duration.ofSeconds(78);
    assertThat(Given.findings(slow.andThen(raw -> raw.expectedLatency = fits))).isEmpty();
  }

  @Test
  void shouldWarnOfTimesButRefuseWhatCannotWorkWhereTheCallerWantsWarnings() {
    List<Finding> findings =
        Given.findings(
            raw -> {
              raw.preflight = Preflight.Mode.WARN_ONLY;
              raw.expectedLatency = Duration.ofSeconds(100);
              raw.retry = RetryPolicy.fixed(Duration.ofMinutes(5));
              raw.drainTimeout = Duration.ofMinutes(10);
              raw.kafka.put("max.poll.records", 0);
            });

    assertThat(findings)
        .extracting(Finding::severity, Finding::setting)
        .containsExactlyInAnyOrder(
            tuple(Severity.UNSAFE, "max.poll.records"),
            tuple(Severity.WARNING, "retry"),
            tuple(Severity.WARNING, "drainTimeout"));
  }

  @Test
  void shouldKeepTheRateAndReadNoneAsNoLimit() {
    assertThat(Given.settings(raw -> {}).maxRecordsPerSecond()).isInfinite();
    assertThat(Given.settings(raw -> raw.maxRecordsPerSecond = 0.001).maxRecordsPerSecond())
        .isEqualTo(0.001);
    assertThat(
            Given.settings(raw -> raw.maxRecordsPerSecond = Double.POSITIVE_INFINITY)
                .maxRecordsPerSecond())
        .isInfinite();
  }

  private static void batches(RawSettings<String, String> raw, int size) {
    raw.handler = null;
    raw.batchHandler = BatchHandler.of((records, context) -> {});
    raw.batchPolicy = BatchPolicy.of(size);
  }
}
