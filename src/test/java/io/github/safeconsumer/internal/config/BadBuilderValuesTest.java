package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.RetryPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the builder's methods may be given and must not. */
class BadBuilderValuesTest {
  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
  private static final Duration MOST_NEGATIVE = Duration.ofSeconds(Long.MIN_VALUE);

  /** What it is about, the change, the setting named, the value shown, part of the rule. */
  static Stream<Arguments> refused() {
    return Stream.of(
        bad("no topics", raw -> raw.topics = null, "topics", "unset", "at least one"),
        bad("empty topics", raw -> raw.topics = List.of(), "topics", "[]", "at least one"),
        bad(
            "null topic",
            raw -> raw.topics = Arrays.asList("a", null),
            "topics",
            "null",
            "1 to 249"),
        bad("blank topic", raw -> raw.topics = List.of(" "), "topics", "\" \"", "1 to 249"),
        bad("empty topic", raw -> raw.topics = List.of(""), "topics", "\"\"", "1 to 249"),
        bad(
            "illegal topic",
            raw -> raw.topics = List.of("or/ders"),
            "topics",
            "\"or/ders\"",
            "1 to 249"),
        bad("dot topic", raw -> raw.topics = List.of(".."), "topics", "\"..\"", "1 to 249"),
        bad(
            "control character",
            raw -> raw.topics = List.of("a\u0007"),
            "topics",
            "\"a?\"",
            "1 to 249"),
        bad(
            "repeated topic",
            raw -> raw.topics = List.of("a", "b", "a", "a"),
            "topics",
            "a",
            "named once"),
        bad(
            "names and pattern",
            raw -> raw.pattern = Pattern.compile("x.*"),
            "topics",
            "[orders] and the pattern x.*",
            "exclude each other"),
        bad("no handler", raw -> raw.handler = null, "handler", "unset", "nothing to do"),
        bad(
            "no dead letter",
            raw -> raw.deadLetter = null,
            "deadLetter",
            "unset",
            "team's decision"),
        bad(
            "no key deserializer",
            raw -> raw.keyDeserializer = null,
            "keyDeserializer",
            "unset",
            "exactly one"),
        bad(
            "no value deserializer",
            raw -> raw.valueDeserializer = null,
            "valueDeserializer",
            "unset",
            "exactly one"),
        bad(
            "instance and supplier",
            raw -> raw.keyDeserializerSupplier = StringDeserializer::new,
            "keyDeserializer",
            "an instance and a supplier",
            "exactly one"),
        bad(
            "instance and name",
            raw -> raw.kafka.put("value.deserializer", StringDeserializer.class),
            "valueDeserializer",
            "an instance and the Kafka setting value.deserializer",
            "exactly one"),
        bad("blank name", raw -> raw.name = " \t", "name", "\" ?\"", "blank"),
        bad("empty name", raw -> raw.name = "", "name", "\"\"", "blank"),
        bad(
            "name with a line break",
            raw -> raw.name = "a\r\nb",
            "name",
            "\"a??b\"",
            "control characters"),
        bad("no concurrency", raw -> raw.concurrency = 0, "concurrency", "0", "1 to 10000"),
        bad(
            "negative concurrency",
            raw -> raw.concurrency = Integer.MIN_VALUE,
            "concurrency",
            "-2147483648",
            "1 to 10000"),
        bad(
            "huge concurrency",
            raw -> raw.concurrency = 10_001,
            "concurrency",
            "10001",
            "1 to 10000"),
        bad(
            "negative drain",
            raw -> raw.drainTimeout = Duration.ofNanos(-1),
            "drainTimeout",
            "PT-0.000000001S",
            "negative"),
        bad(
            "most negative drain",
            raw -> raw.drainTimeout = MOST_NEGATIVE,
            "drainTimeout",
            MOST_NEGATIVE.toString(),
            "negative"),
        bad(
            "endless drain",
            raw -> raw.drainTimeout = LONGEST,
            "drainTimeout",
            Human.text(LONGEST),
            "over 0.9 x 5 min = 4 min 30 s"),
        bad(
            "drain over the interval",
            raw -> raw.drainTimeout = Duration.ofSeconds(299),
            "drainTimeout",
            "4 min 59 s",
            "heartbeat 3 s + 0.1 s + drain 4 min 59 s + commit 5 s = 5 min 7.1 s, over 0.9 x 5 min = 4 min 30 s"),
        bad(
            "no latency",
            raw -> raw.expectedLatency = Duration.ZERO,
            "expectedLatency",
            "0 s",
            "over 0"),
        bad(
            "negative latency",
            raw -> raw.expectedLatency = MOST_NEGATIVE,
            "expectedLatency",
            MOST_NEGATIVE.toString(),
            "over 0"),
        bad(
            "endless latency",
            raw -> raw.expectedLatency = LONGEST,
            "expectedLatency",
            Human.text(LONGEST),
            "at most 24 h"),
        bad("no rate", raw -> raw.maxRecordsPerSecond = 0.0, "maxRecordsPerSecond", "0.0", "0.001"),
        bad(
            "negative rate",
            raw -> raw.maxRecordsPerSecond = Double.NEGATIVE_INFINITY,
            "maxRecordsPerSecond",
            "-Infinity",
            "0.001"),
        bad(
            "a rate that is no number",
            raw -> raw.maxRecordsPerSecond = Double.NaN,
            "maxRecordsPerSecond",
            "NaN",
            "0.001"),
        bad(
            "a rate beyond reason",
            raw -> raw.maxRecordsPerSecond = 10_000_000.1,
            "maxRecordsPerSecond",
            "1.00000001E7",
            "10,000,000"),
        bad(
            "a latency that no drain waits for",
            raw -> raw.expectedLatency = Duration.ofSeconds(31),
            "expectedLatency",
            "31 s",
            "over drainTimeout = 30 s"),
        bad(
            "retries without room",
            raw -> raw.retry = RetryPolicy.fixed(Duration.ofMinutes(5)),
            "retry",
            "8 attempts within 10 min",
            "5 min + 5 min + 5 min + 5 min + ... + 5 min (7 delays) = 35 min, over maxElapsed = 10 min"),
        bad(
            "one delay over the elapsed time",
            raw ->
                raw.retry =
                    RetryPolicy.fixed(Duration.ofMillis(1500))
                        .maxAttempts(2)
                        .maxElapsed(Duration.ofMillis(1499)),
            "retry",
            "2 attempts within 1.499 s",
            "is 1.5 s = 1.5 s, over maxElapsed = 1.499 s"),
        bad(
            "a million retries",
            raw ->
                raw.retry =
                    RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofDays(30))
                        .maxAttempts(1_000_000),
            "retry",
            "1000000 attempts within 10 min",
            "1 s + 2 s + 4 s + 8 s + ... + 30 d (999999 delays)"));
  }

  static Stream<Arguments> refusedDeadLetters() {
    return Stream.of(
        bad(
            "a source topic",
            raw -> raw.deadLetter = DeadLetterPolicy.toTopic("orders"),
            "deadLetter",
            "toTopic(\"orders\")",
            "without end"),
        bad(
            "no topic name",
            raw -> raw.deadLetter = DeadLetterPolicy.toTopic(".."),
            "deadLetter",
            "toTopic(\"..\")",
            "1 to 249"),
        bad(
            "a suffix that yields a source topic",
            raw -> {
              raw.topics = List.of("orders", "orders.dlt");
              raw.deadLetter = DeadLetterPolicy.suffix(".dlt");
            },
            "deadLetter",
            "suffix(\".dlt\")",
            "orders.dlt is among the topics"),
        bad(
            "a suffix that is too long",
            raw -> raw.deadLetter = DeadLetterPolicy.suffix("x".repeat(244)),
            "deadLetter",
            "suffix(\"" + "x".repeat(244) + "\")",
            "a name of 250"),
        bad(
            "creation of unknown topics",
            raw -> raw.deadLetter = DeadLetterPolicy.routed(letter -> "x").createIfMissing(),
            "deadLetter",
            "routed(..).createIfMissing()",
            "not known"),
        producer("acks", "1", "must be all"),
        producer("acks", "0", "must be all"),
        producer("enable.idempotence", false, "must be true"),
        producer("enable.idempotence", "maybe", "true or false"),
        producer("key.serializer", StringSerializer.class, "the library's"),
        producer("value.serializer", "x", "the library's"),
        producer("transactional.id", "x", "the library's"),
        producer("retries", 0, "over 0"),
        producer("retries", -1, "[0,...,2147483647]"),
        producer("max.in.flight.requests.per.connection", 6, "from 1 to 5"),
        producer("delivery.timeout.ms", 10_004, "linger.ms + request.timeout.ms"),
        producer("linger.ms", "soon", "whole number"));
  }

  private static Arguments bad(
      String what,
      Consumer<RawSettings<String, String>> change,
      String setting,
      String value,
      String rule) {
    return Arguments.of(what, change, setting, value, rule);
  }

  private static Arguments producer(String key, Object value, String rule) {
    String shown = value instanceof Class<?> type ? type.getName() : value.toString();
    return bad(
        "producer " + key + "=" + shown,
        raw -> raw.deadLetter = DeadLetterPolicy.toTopic("orders.dlt").producer(Map.of(key, value)),
        "deadLetter.producer " + key,
        shown,
        rule);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"refused", "refusedDeadLetters"})
  void shouldRefuseByNameValueAndRule(
      String what,
      Consumer<RawSettings<String, String>> change,
      String setting,
      String value,
      String rule) {
    List<Finding> unsafe = Given.unsafe(change);

    assertThat(unsafe).hasSize(1);
    assertThat(unsafe.get(0).setting()).isEqualTo(setting);
    assertThat(unsafe.get(0).value()).isEqualTo(value);
    assertThat(unsafe.get(0).rule()).contains(rule);
    assertThat(unsafe.get(0).remedy()).isNotBlank();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"refused", "refusedDeadLetters"})
  void shouldNameABadValueTogetherWithOthers(
      String what,
      Consumer<RawSettings<String, String>> change,
      String setting,
      String value,
      String rule) {
    List<Finding> unsafe =
        Given.unsafe(
            change.andThen(
                raw -> {
                  raw.kafka.put("max.poll.records", 0);
                  raw.kafka.remove("bootstrap.servers");
                }));

    assertThat(unsafe)
        .extracting(Finding::setting)
        .containsExactlyInAnyOrder(setting, "max.poll.records", "bootstrap.servers");
  }
}
