package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Preflight.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What kafka(..) may hold and must not. */
class BadPropertiesTest {
  private static final Object FOREIGN = new Object();
  private static final String TOO_BIG = "99999999999999999999";

  /** Setting, bad value, how the finding shows it, part of the rule. */
  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("bootstrap.servers", "", "", "at least one"),
        Arguments.of("bootstrap.servers", List.of(), "[]", "at least one"),
        Arguments.of("bootstrap.servers", "localhost", "localhost", "host:port"),
        Arguments.of("bootstrap.servers", "a:9092, b", "b", "host:port"),
        Arguments.of("bootstrap.servers", "localhost:0", "localhost:0", "1 to 65535"),
        Arguments.of("bootstrap.servers", "localhost:70000", "localhost:70000", "1 to 65535"),
        Arguments.of("bootstrap.servers", List.of("a:9092", "b:x"), "b:x", "host:port"),
        Arguments.of("bootstrap.servers", 9092, "9092", "a List or a String"),
        Arguments.of("group.id", "", "blank", "must have a name"),
        Arguments.of("group.id", "  ", "blank", "must have a name"),
        Arguments.of("group.id", 7, "7", "must be a String"),
        Arguments.of("group.id", "a\nb", "\"a?b\"", "no control characters"),
        Arguments.of("group.instance.id", "", "", "non-empty"),
        Arguments.of("group.instance.id", " ", " ", "non-empty"),
        Arguments.of("group.instance.id", "pod/1", "\"pod/1\"", "letters"),
        Arguments.of("enable.auto.commit", true, "true", "offsets are the library's"),
        Arguments.of("enable.auto.commit", "TRUE", "true", "offsets are the library's"),
        Arguments.of("enable.auto.commit", "yes", "yes", "true or false"),
        Arguments.of("enable.auto.commit", 1, "1", "true or false"),
        Arguments.of(
            "interceptor.classes", "com.example.Tracing", "com.example.Tracing", "would see bytes"),
        Arguments.of(
            "interceptor.classes",
            List.of(ConsumerInterceptor.class),
            "[" + ConsumerInterceptor.class.getName() + "]",
            "would see bytes"),
        Arguments.of("max.poll.records", 0, "0", "[1,...]"),
        Arguments.of("max.poll.records", -1, "-1", "[1,...]"),
        Arguments.of("max.poll.records", "many", "many", "whole number"),
        Arguments.of("max.poll.records", "", "", "whole number"),
        Arguments.of("max.poll.records", 1.5, "1.5", "whole number"),
        Arguments.of("max.poll.records", 3_000_000_000L, "3000000000", "to 2147483647"),
        Arguments.of("max.poll.records", TOO_BIG, TOO_BIG, "to 2147483647"),
        Arguments.of("max.poll.interval.ms", 2_999, "2999", "at least 3000"),
        Arguments.of("max.poll.interval.ms", 0, "0", "[1,...]"),
        Arguments.of("max.poll.interval.ms", "5m", "5m", "whole number"),
        Arguments.of("session.timeout.ms", 0, "0", "over 0 ms"),
        Arguments.of("session.timeout.ms", -5, "-5", "over 0 ms"),
        Arguments.of("session.timeout.ms", TOO_BIG, TOO_BIG, "whole number"),
        Arguments.of("heartbeat.interval.ms", 0, "0", "over 0 ms"),
        Arguments.of("heartbeat.interval.ms", 45_000, "45000", "below session.timeout.ms"),
        Arguments.of(
            "heartbeat.interval.ms",
            60_000L,
            "60000",
            "session.timeout.ms=45000 (Kafka's default)"),
        Arguments.of("request.timeout.ms", 0, "0", "over 0 ms"),
        Arguments.of("request.timeout.ms", -1, "-1", "[0,...]"),
        Arguments.of("default.api.timeout.ms", 0, "0", "over 0 ms"),
        Arguments.of("auto.offset.reset", "beginning", "beginning", "earliest"),
        Arguments.of("auto.offset.reset", "", "", "earliest"),
        Arguments.of("auto.offset.reset", "by_duration:1 day", "by_duration:1 day", "earliest"),
        Arguments.of("auto.offset.reset", "by_duration:-PT1H", "by_duration:-PT1H", "earliest"),
        Arguments.of("auto.offset.reset", 0, "0", "must be a String"),
        Arguments.of("isolation.level", "serializable", "serializable", "read_committed"),
        Arguments.of("group.protocol", "share", "share", "CONSUMER"),
        Arguments.of(
            "group.remote.assignor", "uniform", "uniform", "only with group.protocol=consumer"),
        Arguments.of("partition.assignment.strategy", "", "[]", "at least one strategy"),
        Arguments.of(
            "partition.assignment.strategy",
            "com.example.Missing",
            "com.example.Missing",
            "on the class path"),
        Arguments.of(
            "partition.assignment.strategy",
            List.of(String.class),
            "java.lang.String",
            "implements"),
        Arguments.of(
            "metric.reporters", "com.example.Missing", "com.example.Missing", "on the class path"),
        Arguments.of("security.protocol", "TLS", "TLS", "SASL_SSL"),
        Arguments.of("check.crcs", "on", "on", "true or false"),
        Arguments.of("sasl.login.refresh.buffer.seconds", 40_000, "40000", "-32768 to 32767"),
        Arguments.of("sasl.login.refresh.window.factor", "half", "half", "must be a number"),
        Arguments.of(
            "sasl.login.class", "com.example.Missing", "com.example.Missing", "on the class path"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void shouldRefuseByNameValueAndRule(String key, Object value, String shown, String rule) {
    List<Finding> unsafe = Given.unsafe(raw -> raw.kafka.put(key, value));

    assertThat(unsafe).as("%s=%s", key, value).hasSize(1);
    assertThat(unsafe.get(0).setting()).isEqualTo(key);
    assertThat(unsafe.get(0).value()).isEqualTo(shown);
    assertThat(unsafe.get(0).rule()).contains(rule);
    assertThat(unsafe.get(0).remedy()).isNotBlank();
  }

  @Test
  void shouldRefuseNullForAnySettingByItsName() {
    for (String key : ConsumerConfig.configNames()) {
      List<Finding> unsafe = Given.unsafe(raw -> raw.kafka.put(key, null));

      assertThat(unsafe).as(key).extracting(Finding::setting).contains(key);
      assertThat(unsafe).as(key).extracting(Finding::value).contains("null");
    }
    assertThat(Given.unsafe(raw -> raw.kafka.put("for.the.deserializer", null)))
        .extracting(Finding::setting)
        .containsExactly("for.the.deserializer");
  }

  @Test
  void shouldRefuseAForeignObjectForAnySettingOfKafka() {
    for (String key : ConsumerConfig.configNames()) {
      List<Finding> unsafe = Given.unsafe(raw -> raw.kafka.put(key, FOREIGN));

      assertThat(unsafe).as(key).isNotEmpty();
      assertThat(unsafe.toString()).as(key).doesNotContain(FOREIGN.toString());
    }
  }

  @Test
  void shouldRefuseTextAndOverflowForAnyNumberOfKafka() {
    Set<ConfigDef.Type> whole =
        Set.of(ConfigDef.Type.INT, ConfigDef.Type.LONG, ConfigDef.Type.SHORT);
    for (ConfigKey key : ConsumerConfig.configDef().configKeys().values()) {
      if (whole.contains(key.type)) {
        for (String bad : List.of("NaN", "1e3", "0x10", "", TOO_BIG, "-" + TOO_BIG)) {
          assertThat(Given.unsafe(raw -> raw.kafka.put(key.name, bad)))
              .as("%s=%s", key.name, bad)
              .extracting(Finding::setting)
              .contains(key.name);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void shouldNameABadPropertyTogetherWithAnother(
      String key, Object value, String shown, String rule) {
    List<Finding> unsafe =
        Given.unsafe(
            raw -> {
              raw.kafka.put(key, value);
              raw.concurrency = 0;
            });

    assertThat(unsafe).extracting(Finding::setting).containsExactlyInAnyOrder(key, "concurrency");
  }

  @Test
  void shouldRefuseWhatTheConsumerProtocolForbids() {
    Map<String, Object> forbidden =
        Map.of(
            "session.timeout.ms",
            10_000,
            "heartbeat.interval.ms",
            1_000,
            "partition.assignment.strategy",
            "org.apache.kafka.clients.consumer.RangeAssignor");
    List<String> keys = new ArrayList<>(forbidden.keySet());

    List<Finding> unsafe =
        Given.unsafe(
            raw -> {
              raw.kafka.put("group.protocol", "consumer");
              raw.kafka.putAll(forbidden);
            });

    assertThat(unsafe).extracting(Finding::setting).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(unsafe)
        .allSatisfy(finding -> assertThat(finding.rule()).contains("group.protocol=consumer"));
  }

  /** Setting's name of the deserializer, bad value, part of the rule. */
  static Stream<Arguments> refusedDeserializers() {
    return Stream.of(
        Arguments.of("com.example.Missing", "on the class path"),
        Arguments.of("", "on the class path"),
        Arguments.of(new StringDeserializer(), "on the class path"),
        Arguments.of("java.lang.String", "must implement"),
        Arguments.of(String.class, "must implement"),
        Arguments.of(Deserializer.class, "public constructor"),
        Arguments.of(NoDefaultConstructor.class, "public constructor"),
        Arguments.of(Hidden.class.getName(), "public constructor"),
        Arguments.of(Explosive.class.getName(), "on the class path"));
  }

  @ParameterizedTest
  @MethodSource("refusedDeserializers")
  void shouldRefuseDeserializersThatCannotBeCreated(Object value, String rule) {
    List<Finding> unsafe =
        Given.unsafe(
            raw -> {
              raw.valueDeserializer = null;
              raw.kafka.put("value.deserializer", value);
            });

    assertThat(unsafe).hasSize(1);
    assertThat(unsafe.get(0).setting()).isEqualTo("value.deserializer");
    assertThat(unsafe.get(0).rule()).contains(rule);
  }

  /** Cannot be created by name. */
  public static final class NoDefaultConstructor extends StringDeserializer {
    public NoDefaultConstructor(String unused) {}
  }

  /** Its class cannot be reached. */
  static final class Hidden extends StringDeserializer {
    public Hidden() {}
  }

  /** Its class cannot be initialized. */
  public static final class Explosive extends StringDeserializer {
    static final int COUNT = Integer.parseInt("none");
  }
}
