package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The check of a hand-written loop names every timing that makes it unsafe, and never throws. */
class LoopCheckTest {
  private static final String COOPERATIVE =
      "org.apache.kafka.clients.consumer.CooperativeStickyAssignor";

  /** Nothing to say about it at 10 ms. */
  private static Map<String, Object> quiet() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("enable.auto.commit", "false");
    settings.put("partition.assignment.strategy", COOPERATIVE);
    return settings;
  }

  private static List<Finding> check(Map<?, ?> settings, long latencyMillis) {
    return LoopCheck.findings(settings, Duration.ofMillis(latencyMillis), Given.CLIENT);
  }

  @Test
  void shouldSayNothingAboutSettingsThatAreSafe() {
    assertThat(check(quiet(), 10)).isEmpty();
  }

  @Test
  void shouldNameTheWellKnownSettingsFirstWithTheSumAndWhatFits() {
    Finding first = Preflight.check(Map.of("max.poll.interval.ms", "30000"), millis(120)).get(0);

    assertThat(first.severity()).isEqualTo(Severity.UNSAFE);
    assertThat(first.setting()).isEqualTo("max.poll.records");
    assertThat(first.value()).isEqualTo("500 (default)");
    assertThat(first.rule()).startsWith("500 records x 120 ms = 60 s, over 0.7 x 30 s = 21 s: ");
    assertThat(first.remedy())
        .isEqualTo("use max.poll.records <= 175, or max.poll.interval.ms >= 85715");
  }

  /** Severity, key, value, latency in ms, the setting named, part of the rule. */
  static Stream<Arguments> found() {
    return Stream.of(
        found(Severity.UNSAFE, "max.poll.records", "3000", 120, "max.poll.records", "= 6 min"),
        found(
            Severity.UNSAFE,
            "max.poll.records",
            1,
            210_001,
            "max.poll.interval.ms",
            "not even one record fits"),
        found(
            Severity.UNSAFE, "heartbeat.interval.ms", 45_000, 10, "heartbeat.interval.ms", "below"),
        found(
            Severity.WARNING, "session.timeout.ms", 8_000, 10, "heartbeat.interval.ms", "a third"),
        found(
            Severity.WARNING,
            "session.timeout.ms",
            1_900_000,
            10,
            "session.timeout.ms",
            "max.session"),
        found(
            Severity.WARNING,
            "default.api.timeout.ms",
            206_000,
            10,
            "default.api.timeout.ms",
            "5 s of work (500 x 10 ms) + one call of 3 min 26 s = 3 min 31 s, over 0.7 x 5 min"),
        found(
            Severity.WARNING,
            "default.api.timeout.ms",
            20_000,
            10,
            "default.api.timeout.ms",
            "gives up"),
        found(
            Severity.WARNING,
            "fetch.max.wait.ms",
            40_000,
            10,
            "fetch.max.wait.ms",
            "idle partition"),
        found(Severity.WARNING, "max.pol.records", 5, 10, "max.pol.records", "looks like"),
        found(Severity.UNSAFE, "max.poll.records", "many", 10, "max.poll.records", "whole number"),
        found(
            Severity.UNSAFE,
            "group.remote.assignor",
            "x",
            10,
            "group.remote.assignor",
            "only with"),
        found(
            Severity.ADVICE,
            "partition.assignment.strategy",
            "org.apache.kafka.clients.consumer.RangeAssignor",
            10,
            "partition.assignment.strategy",
            "all partitions from all members"),
        found(Severity.ADVICE, "enable.auto.commit", "true", 10, "enable.auto.commit", "repeated"),
        found(Severity.ADVICE, "group.instance.id", "pod-1", 10, "group.instance.id", "of 45 s"));
  }

  private static Arguments found(
      Severity severity, String key, Object value, long latency, String setting, String rule) {
    return Arguments.of(severity, key, value, latency, setting, rule);
  }

  @ParameterizedTest
  @MethodSource("found")
  void shouldFindBySettingAndRule(
      Severity severity, String key, Object value, long latency, String setting, String rule) {
    Map<String, Object> settings = quiet();
    settings.put(key, value);

    List<Finding> findings = check(settings, latency);

    assertThat(findings)
        .anySatisfy(
            finding -> {
              assertThat(finding.severity()).isEqualTo(severity);
              assertThat(finding.setting()).isEqualTo(setting);
              assertThat(finding.rule()).contains(rule);
              assertThat(finding.remedy()).isNotBlank();
            });
    assertThat(findings).extracting(Finding::setting).containsOnly(setting);
  }

  @Test
  void shouldReckonWithTheHeartbeatThatARebalanceIsHeardOfWith() {
    Map<String, Object> settings = quiet();
    settings.put("max.poll.interval.ms", 10_000);
    settings.put("session.timeout.ms", 9_000);
    settings.put("default.api.timeout.ms", 500);
    settings.put("request.timeout.ms", 500);
    settings.put("fetch.max.wait.ms", 100);

    assertThat(check(settings, 12))
        .singleElement()
        .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING))
        .satisfies(
            finding ->
                assertThat(finding.rule())
                    .startsWith(
                        "heartbeat 3 s + 0.1 s + the work of a poll 6 s = 9.1 s, over 0.9 x 10 s = 9 s"));
    settings.put("heartbeat.interval.ms", 1_000);
    assertThat(check(settings, 12)).isEmpty();
  }

  @Test
  void shouldKnowWhatTheConsumerProtocolForbidsAndWhatItHides() {
    List<Finding> findings =
        check(Map.of("group.protocol", "consumer", "session.timeout.ms", 10_000), 10);

    assertThat(findings.get(0).severity()).isEqualTo(Severity.UNSAFE);
    assertThat(findings.get(0).setting()).isEqualTo("session.timeout.ms");
    assertThat(findings)
        .anySatisfy(finding -> assertThat(finding.rule()).contains("this check cannot see them"));
    assertThat(
            LoopCheck.findings(
                Map.of("group.protocol", "consumer"), millis(1), ClientVersion.parse("4.1.0")))
        .anySatisfy(finding -> assertThat(finding.rule()).contains("KAFKA-20332"));
  }

  @Test
  void shouldNotNeedTheClassesThatTheSettingsName() {
    Map<String, Object> settings = quiet();
    settings.put("value.deserializer", "com.example.Missing");
    settings.put("sasl.login.callback.handler.class", "com.example.Missing");
    settings.put("interceptor.classes", "com.example.Missing");

    assertThat(check(settings, 10)).isEmpty();
  }

  @Test
  void shouldJudgeAsTheDefaultWhatOnlyAConfigProviderKnows() {
    Map<String, Object> settings = quiet();
    settings.put("config.providers", "vault");
    settings.put("max.poll.records", "${vault:records}");
    settings.put("sasl.jaas.config", "${vault:jaas}");

    assertThat(check(settings, 10))
        .singleElement()
        .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.ADVICE))
        .satisfies(finding -> assertThat(finding.rule()).endsWith("Kafka's default, 500"));
  }

  @Test
  void shouldPutTheMostSevereFirst() {
    assertThat(check(Map.of("max.poll.interval.ms", 30_000, "session.timeout.ms", 8_000), 120))
        .extracting(Finding::severity)
        .contains(Severity.UNSAFE, Severity.WARNING, Severity.ADVICE)
        .isSortedAccordingTo(Comparator.<Severity>naturalOrder().reversed());
  }

  @ParameterizedTest
  @CsvSource({"PT-0.000000001S, UNSAFE", "PT0S, ", "PT2562047788015215H30M7.999999999S, UNSAFE"})
  void shouldTakeAnyLatency(Duration latency, Severity severity) {
    List<Finding> findings = LoopCheck.findings(quiet(), latency, Given.CLIENT);

    assertThat(findings.stream().map(Finding::severity).findFirst().orElse(null))
        .isEqualTo(severity);
  }

  /** The same settings would keep a client from being created, or let it be created. */
  @Test
  void shouldRefuseTheHeartbeatThatTheClientRefuses() {
    Map<String, Object> settings = new HashMap<>(Given.settings(raw -> {}).kafka().consumer());
    settings.put("heartbeat.interval.ms", 45_000);

    assertThatThrownBy(() -> new KafkaConsumer<byte[], byte[]>(settings).close())
        .hasStackTraceContaining("Heartbeat must be set lower than the session timeout");
    assertThat(check(settings, 1).get(0).setting()).isEqualTo("heartbeat.interval.ms");
  }

  @Test
  void shouldShowNoSecret() {
    Properties settings = new Properties();
    for (String key : ConsumerConfig.configNames()) {
      settings.put(key, "hunter2");
    }
    settings.put("spring.datasource.password", "hunter2");
    settings.put("sasl.jaas.confg", "hunter2");

    List<Finding> findings = check(settings, 10);

    assertThat(findings).isNotEmpty();
    for (Finding finding : findings) {
      ConfigKey key = ConsumerConfig.configDef().configKeys().get(finding.setting());
      if (key == null || Shown.isSecret(key)) {
        assertThat(finding.toString()).doesNotContain("hunter2");
      }
    }
  }

  /** Any key with anything at all: a finding, or none, and never an exception. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldNeverThrowForBadContent(long seed) {
    Random random = new Random(seed);
    List<String> keys = ConsumerConfig.configNames().stream().sorted().toList();
    Object[] values = {
      null,
      "",
      " ",
      "x",
      "true",
      -1,
      0,
      1,
      "2147483647",
      Long.MAX_VALUE,
      1.5,
      List.of(),
      List.of("a"),
      new Object(),
      String.class,
      "classic",
      "consumer",
      "${a:b}",
      "SASL_SSL",
      "all"
    };
    for (int run = 0; run < 2_000; run++) {
      Map<Object, Object> settings = new HashMap<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        settings.put(keys.get(random.nextInt(keys.size())), values[random.nextInt(values.length)]);
      }
      if (random.nextInt(10) == 0) {
        settings.put(null, null);
        settings.put(7, "config.providers");
      }
      List<Finding> findings;
      try {
        findings = check(settings, random.nextInt(1_000));
      } catch (RuntimeException thrown) {
        throw new AssertionError("seed " + seed + " run " + run + ": " + settings, thrown);
      }
      assertThat(findings).as("seed %d run %d: %s", seed, run, settings).doesNotContainNull();
    }
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
