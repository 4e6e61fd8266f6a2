package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

class SettingsFactoryTest {

  @Test
  void shouldAcceptTheSmallestCompleteConfigurationWithoutAdvice() {
    assertThat(Given.settings(raw -> {}).advice()).isEmpty();
  }

  @Test
  void shouldNameEveryFindingAtOnce() {
    ConfigurationException refused =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> SettingsFactory.create(new RawSettings<String, String>()));

    assertThat(refused.findings())
        .extracting(Finding::setting)
        .containsExactly(
            "bootstrap.servers",
            "group.id",
            "topics",
            "keyDeserializer",
            "valueDeserializer",
            "handler",
            "deadLetter",
            "auto.offset.reset");
    assertThat(refused).hasMessageStartingWith("7 setting(s) cannot work:");
    refused
        .findings()
        .forEach(finding -> assertThat(refused).hasMessageContaining(finding.toString()));
  }

  @Test
  void shouldFillInTheDefaults() {
    Settings<String, String> settings = Given.settings(raw -> {});

    assertThat(settings.name()).isEqualTo("orders");
    assertThat(settings.concurrency()).isEqualTo(1);
    assertThat(settings.drainTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.shutdownHook()).isTrue();
    assertThat(settings.workerThreads()).isNull();
    assertThat(settings.retry()).hasToString(RetryPolicy.defaults().toString());
    KafkaSettings kafka = settings.kafka();
    assertThat(kafka.clientId()).isEqualTo("orders");
    assertThat(kafka.groupInstanceId()).isEmpty();
    assertThat(kafka.consumerProtocol()).isFalse();
    assertThat(kafka.maxPollInterval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(kafka.sessionTimeout()).isEqualTo(Duration.ofSeconds(45));
    assertThat(kafka.heartbeatInterval()).isEqualTo(Duration.ofSeconds(3));
    assertThat(kafka.maxPollRecords()).isEqualTo(500);
  }

  @Test
  void shouldLetTheLoopConsumeBytesAndOwnOffsets() {
    Settings<String, String> settings =
        Given.settings(
            raw -> {
              raw.kafka.put("enable.auto.commit", "false");
              raw.kafka.put("auto.commit.interval.ms", 1000);
              raw.kafka.put("max.poll.records", 50L);
              raw.kafka.put("isolation.level", "read_committed");
              raw.kafka.put("for.the.deserializer", List.of(1, 2));
            });

    assertThat(settings.kafka().consumer())
        .containsEntry("key.deserializer", ByteArrayDeserializer.class)
        .containsEntry("value.deserializer", ByteArrayDeserializer.class)
        .containsEntry("enable.auto.commit", false)
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("client.id", "orders")
        .containsEntry("max.poll.records", 50)
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("for.the.deserializer", List.of(1, 2))
        .doesNotContainKey("auto.commit.interval.ms");
    assertThat(settings.kafka().user())
        .containsEntry("auto.offset.reset", "earliest")
        .containsEntry("max.poll.records", 50);
    assertThat(new QuietConfig(settings.kafka().consumer()).getInt("max.poll.records"))
        .isEqualTo(50);
  }
}
