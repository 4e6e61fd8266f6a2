package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdviceTest {

  /** Severity, the change, the setting named, part of the rule. */
  static Stream<Arguments> advised() {
    return Stream.of(
        advice(
            Severity.WARNING,
            raw -> raw.kafka.remove("auto.offset.reset"),
            "auto.offset.reset",
            "earliest is used"),
        advice(
            Severity.WARNING,
            raw -> raw.kafka.put("heartbeat.interval.ms", 15_001),
            "heartbeat.interval.ms",
            "over a third"),
        advice(
            Severity.WARNING,
            raw -> {
              raw.kafka.put("session.timeout.ms", "8000");
              raw.kafka.put("heartbeat.interval.ms", 3_000);
            },
            "heartbeat.interval.ms",
            "over a third"),
        advice(
            Severity.WARNING,
            raw -> raw.kafka.put("session.timeout.ms", 5_999),
            "session.timeout.ms",
            "group.min.session.timeout.ms"),
        advice(
            Severity.WARNING,
            raw -> raw.kafka.put("session.timeout.ms", 1_800_001),
            "session.timeout.ms",
            "group.max.session.timeout.ms"),
        advice(
            Severity.WARNING,
            raw -> raw.kafka.put("default.api.timeout.ms", 29_999),
            "default.api.timeout.ms",
            "below request.timeout.ms"),
        advice(
            Severity.WARNING,
            raw -> raw.kafka.put("fetch.max.wait.ms", 30_000),
            "fetch.max.wait.ms",
            "not below request.timeout.ms"),
        advice(
            Severity.ADVICE,
            raw -> raw.kafka.put("auto.commit.interval.ms", 100),
            "auto.commit.interval.ms",
            "no effect"),
        advice(
            Severity.ADVICE,
            raw -> raw.deadLetter = DeadLetterPolicy.none().createIfMissing(),
            "deadLetter",
            "nothing to create"),
        advice(
            Severity.ADVICE,
            raw -> raw.deadLetter = DeadLetterPolicy.none().producer(Map.of("acks", "0")),
            "deadLetter",
            "no producer"));
  }

  private static Arguments advice(
      Severity severity,
      Consumer<RawSettings<String, String>> change,
      String setting,
      String rule) {
    return Arguments.of(severity, change, setting, rule);
  }

  @ParameterizedTest
  @MethodSource("advised")
  void shouldAdviseWithoutRefusing(
      Severity severity,
      Consumer<RawSettings<String, String>> change,
      String setting,
      String rule) {
    List<Finding> advice = Given.settings(change).advice();

    assertThat(advice).hasSize(1);
    assertThat(advice.get(0).severity()).isEqualTo(severity);
    assertThat(advice.get(0).setting()).isEqualTo(setting);
    assertThat(advice.get(0).rule()).contains(rule);
  }

  @ParameterizedTest
  @CsvSource({
    "max.pol.records, max.poll.records",
    "max.poll.record, max.poll.records",
    "max_poll_interval_ms, max.poll.interval.ms",
    "maxPollRecords, max.poll.records",
    "session.tiemout.ms, session.timeout.ms",
    "sasl.jaas.confg, sasl.jaas.config",
    "groupid, group.id",
    "isolation.levle, isolation.level"
  })
  void shouldWarnOfALikelyMisspelling(String misspelt, String meant) {
    List<Finding> advice = Given.withProperty(misspelt, "value-of-it").advice();

    assertThat(advice).hasSize(1);
    assertThat(advice.get(0).severity()).isEqualTo(Severity.WARNING);
    assertThat(advice.get(0).setting()).isEqualTo(misspelt);
    assertThat(advice.get(0).rule()).endsWith("looks like " + meant);
    assertThat(advice.get(0).value()).isEqualTo("[hidden]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema.registry.url",
        "specific.avro.reader",
        "json.value.type",
        "acks",
        "linger.ms",
        "retries",
        "x",
        "spring.json.trusted.packages",
        "group.description"
      })
  void shouldPassUnknownSettingsThroughInSilence(String key) {
    Settings<String, String> settings = Given.withProperty(key, 7);

    assertThat(settings.advice()).isEmpty();
    assertThat(settings.kafka().user()).containsEntry(key, 7);
    assertThat(settings.kafka().consumer()).containsEntry(key, 7);
  }

  @Test
  void shouldShowAMisspeltKeyBesideTheMissingOne() {
    List<Finding> findings =
        Given.findings(
            raw -> {
              raw.kafka.remove("bootstrap.servers");
              raw.kafka.put("bootstrap.server", "localhost:9092");
            });

    assertThat(findings)
        .extracting(Finding::setting)
        .containsExactly("bootstrap.servers", "bootstrap.server");
  }

  @ParameterizedTest
  @CsvSource({
    "3.9.2, UNSAFE",
    "4.2.2, UNSAFE",
    "4.1.2, UNSAFE",
    "4.3.0, ",
    "4.3.1, ",
    "4.10.0, ",
    "5.0.0, ",
    "8.2.1-ccs, WARNING"
  })
  void shouldRefuseTheConsumerProtocolWithClientsThatMovePositionsOrReturnForeignRecords(
      String version, Severity severity) {
    RawSettings<String, String> raw = Given.complete();
    raw.kafka.put("group.protocol", "Consumer");

    List<Finding> findings = Given.findings(raw, ClientVersion.parse(version));

    assertThat(findings)
        .extracting(Finding::severity)
        .containsExactlyElementsOf(Optional.ofNullable(severity).stream().toList());
    assertThat(Given.findings(Given.complete(), ClientVersion.parse(version))).isEmpty();
  }

  @Test
  void shouldKnowTheVersionOfTheClientOnTheClassPath() {
    assertThat(ClientVersion.onClassPath())
        .hasValueSatisfying(version -> assertThat(version.isAtLeast(3, 9, 0)).isTrue());
  }
}
