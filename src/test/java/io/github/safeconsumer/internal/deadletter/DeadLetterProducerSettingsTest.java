package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.config.KafkaSettings;
import io.github.safeconsumer.internal.config.OffsetReset;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class DeadLetterProducerSettingsTest {
  private static final DeadLetterPolicy POLICY = DeadLetterPolicy.toTopic("dead");

  @Test
  void shouldInheritHowToConnectAndNothingElse() {
    Map<String, Object> connection =
        Map.ofEntries(
            Map.entry("bootstrap.servers", "b:9092"),
            Map.entry("client.dns.lookup", "use_all_dns_ips"),
            Map.entry("security.protocol", "SASL_SSL"),
            Map.entry("security.providers", "p"),
            Map.entry("sasl.mechanism", "SCRAM-SHA-256"),
            Map.entry("sasl.jaas.config", new Password("secret")),
            Map.entry("sasl.own.login.setting", "x"),
            Map.entry("ssl.truststore.location", "/t"),
            Map.entry("ssl.own.engine.setting", "x"),
            Map.entry("socket.connection.setup.timeout.ms", "1000"),
            Map.entry("reconnect.backoff.max.ms", "1000"),
            Map.entry("connections.max.idle.ms", "1000"),
            Map.entry("enable.metrics.push", "false"),
            Map.entry("config.providers", "file"),
            Map.entry("config.providers.file.class", "C"));
    Map<String, Object> user = new HashMap<>(connection);
    Map<String, Object> consumersOwn =
        Map.ofEntries(
            Map.entry("group.id", "billing"),
            Map.entry("group.instance.id", "billing-1"),
            Map.entry("max.poll.records", 10),
            Map.entry("key.deserializer", "D"),
            Map.entry("value.deserializer", "D"),
            Map.entry("schema.registry.url", "http://r"),
            Map.entry("interceptor.classes", "I"),
            Map.entry("metric.reporters", "M"),
            Map.entry("request.timeout.ms", 120_000),
            Map.entry("retry.backoff.ms", 5_000),
            Map.entry("metadata.max.age.ms", 1),
            Map.entry("receive.buffer.bytes", 1),
            Map.entry("client.rack", "r"));
    user.putAll(consumersOwn);
    Map<String, Object> producer = DeadLetterProducerSettings.producer(kafka(user), POLICY);

    assertThat(producer).containsAllEntriesOf(connection);
    consumersOwn.forEach(
        (name, value) -> assertThat(producer.get(name)).as(name).isNotEqualTo(value));
    assertThat(DeadLetterProducerSettings.admin(kafka(user), POLICY))
        .containsAllEntriesOf(connection)
        .hasSize(connection.size() + 1);
  }

  @Test
  void shouldHoldNoSettingThatTheClientDoesNotKnow() {
    Map<String, Object> user =
        Map.of(
            "bootstrap.servers", "b:9092", "group.id", "g", "my.own", "x", "socket.made.up", "x");

    assertThat(ProducerConfig.configNames())
        .containsAll(DeadLetterProducerSettings.producer(kafka(user), POLICY).keySet());
    assertThat(AdminClientConfig.configNames())
        .containsAll(DeadLetterProducerSettings.admin(kafka(user), POLICY).keySet());
  }

  @Test
  void shouldBeSafeByDefaultAndAcceptedByKafka() {
    Map<String, Object> settings =
        DeadLetterProducerSettings.producer(kafka(Map.of("bootstrap.servers", "b:9092")), POLICY);

    assertThat(settings)
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("key.serializer", ByteArraySerializer.class)
        .containsEntry("client.id", "billing-1-dead-letter")
        .containsEntry("max.block.ms", 5_000)
        .containsEntry("delivery.timeout.ms", 30_000);
    assertThat(new ProducerConfig(settings).getInt("delivery.timeout.ms")).isEqualTo(30_000);
  }

  @Test
  void shouldLetTheUserOverrideAllButThePromise() {
    DeadLetterPolicy policy =
        POLICY.producer(
            Map.of(
                "compression.type",
                "zstd",
                "request.timeout.ms",
                "60000",
                "linger.ms",
                100,
                "acks",
                "1",
                "enable.idempotence",
                "false"));
    Map<String, Object> settings =
        DeadLetterProducerSettings.producer(kafka(Map.of("bootstrap.servers", "b:9092")), policy);

    assertThat(settings)
        .containsEntry("compression.type", "zstd")
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("delivery.timeout.ms", 60_100);
    assertThat(new ProducerConfig(settings).getLong("linger.ms")).isEqualTo(100);
    assertThat(
            DeadLetterProducerSettings.admin(
                kafka(Map.of()),
                POLICY.producer(Map.of("bootstrap.servers", "other:9092", "linger.ms", 1))))
        .isEqualTo(
            Map.of("bootstrap.servers", "other:9092", "client.id", "billing-1-dead-letter-check"));
  }

  @Test
  void shouldLeaveADeliveryTimeoutOfTheUsersAlone() {
    DeadLetterPolicy policy = POLICY.producer(Map.of("delivery.timeout.ms", 120_000));

    assertThat(DeadLetterProducerSettings.producer(kafka(Map.of()), policy))
        .containsEntry("delivery.timeout.ms", 120_000);
  }

  private static KafkaSettings kafka(Map<String, Object> user) {
    return new KafkaSettings(
        Map.of(),
        user,
        "billing",
        Optional.empty(),
        "billing-1",
        false,
        Duration.ofMinutes(5),
        Duration.ofSeconds(45),
        Duration.ofSeconds(3),
        500,
        new OffsetReset(OffsetReset.Kind.EARLIEST, Duration.ZERO, true));
  }

  @Test
  void shouldNameTheInheritedSettingsInTheDocumentation() throws Exception {
    String page = java.nio.file.Files.readString(java.nio.file.Path.of("docs/VERSIONING.md"));
    List<String> missing =
        DeadLetterProducerSettings.INHERITED.stream()
            .map(rule -> rule.endsWith(".") ? rule + "*" : rule)
            .filter(rule -> !page.contains("`" + rule + "`"))
            .toList();

    assertThat(missing).isEmpty();
  }
}
