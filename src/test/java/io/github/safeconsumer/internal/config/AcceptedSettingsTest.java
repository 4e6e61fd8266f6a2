package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.internal.config.OffsetReset.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not be refused, and what becomes of it. */
class AcceptedSettingsTest {

  static Stream<Consumer<RawSettings<String, String>>> accepted() {
    return Stream.of(
        raw ->
            raw.kafka.put(
                "bootstrap.servers", List.of("a:1", "[::1]:65535", "SASL_SSL://b.example:9093")),
        raw -> raw.kafka.put("bootstrap.servers", " a:1 , b:2 "),
        raw -> raw.kafka.put("enable.auto.commit", false),
        raw -> raw.kafka.put("enable.auto.commit", " FALSE "),
        raw -> raw.kafka.put("interceptor.classes", ""),
        raw -> raw.kafka.put("interceptor.classes", List.of()),
        raw -> raw.kafka.put("max.poll.records", "1"),
        raw -> raw.kafka.put("max.poll.records", (short) 7),
        raw -> raw.kafka.put("max.poll.records", Integer.MAX_VALUE),
        raw -> raw.kafka.put("max.poll.interval.ms", 3_000),
        raw -> raw.kafka.put("max.poll.interval.ms", Integer.MAX_VALUE),
        raw -> raw.kafka.put("heartbeat.interval.ms", 15_000),
        raw -> raw.kafka.put("group.instance.id", "pod-1.a_b"),
        raw -> raw.kafka.put("isolation.level", "read_committed"),
        raw -> raw.kafka.put("allow.auto.create.topics", false),
        raw -> raw.kafka.put("ssl.endpoint.identification.algorithm", ""),
        raw -> raw.kafka.put("ssl.key.password", new Password("x")),
        raw ->
            raw.kafka.put(
                "partition.assignment.strategy", CooperativeStickyAssignor.class.getName()),
        raw ->
            raw.kafka.put(
                "partition.assignment.strategy", List.of(CooperativeStickyAssignor.class)),
        raw -> raw.topics = List.of("a", "b", "...", "x".repeat(249)),
        raw -> raw.concurrency = 10_000,
        raw -> raw.drainTimeout = Duration.ZERO,
        raw -> raw.drainTimeout = Duration.ofMillis(261_900),
        raw -> raw.retry = RetryPolicy.none().maxElapsed(Duration.ofNanos(1)),
        raw -> raw.retry = RetryPolicy.defaults(),
        raw ->
            raw.retry =
                RetryPolicy.fixed(Duration.ofSeconds(10))
                    .maxAttempts(7)
                    .maxElapsed(Duration.ofMinutes(1)),
        raw -> raw.deadLetter = DeadLetterPolicy.none(),
        raw -> raw.deadLetter = DeadLetterPolicy.routed(letter -> "x"),
        raw -> raw.deadLetter = DeadLetterPolicy.suffix("-dlt").createIfMissing(),
        raw ->
            raw.deadLetter =
                DeadLetterPolicy.toTopic("x")
                    .producer(
                        Map.of(
                            "acks",
                            "-1",
                            "enable.idempotence",
                            true,
                            "retries",
                            1,
                            "compression.type",
                            "zstd")));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void shouldAcceptWithoutAdvice(Consumer<RawSettings<String, String>> change) {
    assertThat(Given.findings(change)).isEmpty();
  }

  /** Creating a client connects to nothing, and refuses what it cannot work with. */
  @ParameterizedTest
  @MethodSource("accepted")
  void shouldAcceptOnlyWhatTheClientAcceptsToo(Consumer<RawSettings<String, String>> change) {
    Map<String, Object> settings = new HashMap<>(Given.settings(change).kafka().consumer());
    settings.put("bootstrap.servers", "localhost:1");

    try (KafkaConsumer<byte[], byte[]> client = new KafkaConsumer<>(settings)) {
      assertThat(client.subscription()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"earliest, EARLIEST", "latest, LATEST", "none, NONE"})
  void shouldApplyTheDeclaredResetItselfWhileTheClientHasNone(String policy, Kind kind) {
    KafkaSettings kafka = Given.withProperty("auto.offset.reset", policy).kafka();

    assertThat(kafka.offsetReset()).isEqualTo(new OffsetReset(kind, Duration.ZERO, true));
    assertThat(kafka.consumer()).containsEntry("auto.offset.reset", "none");
  }

  @Test
  void shouldReadFromTheStartWhereNoResetIsDeclared() {
    assertThat(Given.settings(raw -> raw.kafka.remove("auto.offset.reset")).kafka().offsetReset())
        .isEqualTo(new OffsetReset(Kind.EARLIEST, Duration.ZERO, false));
  }

  @Test
  void shouldKnowResetByDurationExactlyWhereTheClientDoes() {
    boolean known = ClientVersion.onClassPath().orElseThrow().isAtLeast(4, 0, 0);
    RawSettings<String, String> raw = Given.complete();
    raw.kafka.put("auto.offset.reset", "by_duration:PT36H");

    assertThat(Given.findings(raw, Given.CLIENT)).hasSize(known ? 0 : 1);
    if (known) {
      assertThat(SettingsFactory.create(raw, Given.CLIENT).kafka().offsetReset())
          .isEqualTo(new OffsetReset(Kind.BY_DURATION, Duration.ofHours(36), true));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "300000, PT30S",
    "60000, PT30S",
    "20000, PT10S",
    "4000, PT2S",
    "3500, PT1.75S",
    "3000, PT1.5S"
  })
  void shouldDrainForNoLongerThanARebalanceLeaves(int interval, Duration drain) {
    assertThat(Given.withProperty("max.poll.interval.ms", interval).drainTimeout())
        .isEqualTo(drain);
  }

  @Test
  void shouldAssumeTheBrokersTimesWithTheConsumerProtocol() {
    RawSettings<String, String> raw = Given.complete();
    raw.kafka.put("group.protocol", "CONSUMER");
    raw.kafka.put("group.remote.assignor", "uniform");

    KafkaSettings kafka = SettingsFactory.create(raw, Given.CLIENT).kafka();

    assertThat(kafka.consumerProtocol()).isTrue();
    assertThat(kafka.sessionTimeout()).isEqualTo(Duration.ofSeconds(45));
    assertThat(kafka.heartbeatInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(kafka.consumer()).containsEntry("group.remote.assignor", "uniform");
  }

  @Test
  void shouldTakeNamesFromWhereTheyAreGiven() {
    Settings<String, String> named =
        Given.settings(
            raw -> {
              raw.name = "shop";
              raw.kafka.put("group.instance.id", "pod-1");
            });
    Settings<String, String> withClientId = Given.withProperty("client.id", "mine");

    assertThat(named.name()).isEqualTo("shop");
    assertThat(named.kafka().clientId()).isEqualTo("shop");
    assertThat(named.kafka().groupId()).isEqualTo("orders");
    assertThat(named.kafka().groupInstanceId()).contains("pod-1");
    assertThat(withClientId.kafka().clientId()).isEqualTo("mine");
    assertThat(withClientId.kafka().consumer()).containsEntry("client.id", "mine");
    assertThat(Given.withProperty("client.id", " ").kafka().clientId()).isEqualTo("orders");
  }

  @Test
  void shouldAcceptPropertiesAsTextThroughout() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", "a:1");
    properties.setProperty("group.id", " g ");
    properties.setProperty("auto.offset.reset", "latest");
    properties.setProperty("max.poll.interval.ms", " 60000 ");
    properties.setProperty("session.timeout.ms", "30000");
    properties.setProperty("heartbeat.interval.ms", "10000");
    properties.setProperty("max.poll.records", "9");
    properties.setProperty("key.deserializer", StringDeserializer.class.getName());
    properties.setProperty("value.deserializer", StringDeserializer.class.getName());
    Settings<String, String> settings =
        Given.settings(
            raw -> {
              raw.keyDeserializer = null;
              raw.valueDeserializer = null;
              raw.kafka.clear();
              properties.forEach((key, value) -> raw.kafka.put((String) key, value));
            });

    assertThat(settings.advice()).isEmpty();
    assertThat(settings.kafka().groupId()).isEqualTo("g");
    assertThat(settings.kafka().maxPollInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.kafka().sessionTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.kafka().heartbeatInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.kafka().maxPollRecords()).isEqualTo(9);
    assertThat(new QuietConfig(settings.kafka().consumer()).getInt("max.poll.records"))
        .isEqualTo(9);
  }

  @Test
  void shouldLeaveToTheClientWhatAConfigProviderResolves() {
    RawSettings<String, String> raw = Given.complete();
    raw.kafka.put("config.providers", "vault");
    raw.kafka.put("config.providers.vault.class", "com.example.NotOnThisClassPath");
    raw.kafka.put("bootstrap.servers", "${vault:kafka:servers}");
    raw.kafka.put("fetch.max.bytes", "${vault:kafka:fetch}");
    raw.kafka.put("sasl.jaas.config", "${vault:kafka:jaas}");

    assertThat(Given.findings(raw, Given.CLIENT)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"group.id", "max.poll.interval.ms", "auto.offset.reset", "enable.auto.commit"})
  void shouldRefuseAnIndirectValueThatItMustKnowItself(String key) {
    RawSettings<String, String> raw = Given.complete();
    raw.kafka.put("config.providers", "vault");
    raw.kafka.put(key, "${vault:x}");

    assertThat(Given.findings(raw, Given.CLIENT))
        .singleElement()
        .satisfies(finding -> assertThat(finding.setting()).isEqualTo(key))
        .satisfies(finding -> assertThat(finding.rule()).contains("reads it itself"));
  }
}
