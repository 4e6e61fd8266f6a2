package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.Blocked;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.CapturedLog;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neither a password of the settings nor what user code throws ever shows. */
class SecretsIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final String SECRET = "hunter2-of-the-settings";
  private static final String MARKER = "marker-of-a-record";

  private final EventLog events = new EventLog();
  private final List<String> shown = new ArrayList<>();

  @Test
  void shouldNotShowSecretsOfTheSettingsNorWhatCallbacksThrow() throws Exception {
    RecordHandler<String, String> handler =
        new RecordHandler<>() {
          @Override
          public void handle(ConsumerRecord<String, String> record, RecordContext context) {
            if (record.offset() == 0) {
              throw new NonRetryableException(record.value());
            }
          }

          @Override
          public FailureAction classify(Throwable failure) {
            throw new IllegalStateException(MARKER);
          }

          @Override
          public void onAssigned(Collection<TopicPartition> partitions) {
            throw new IllegalStateException(MARKER);
          }

          @Override
          public void onRevoked(Collection<TopicPartition> partitions) {
            throw new IllegalStateException(MARKER);
          }
        };
    String topic = Topics.create(KAFKA, "secrets", 1);
    Topics.createNamed(KAFKA, topic + ".dlt", 1, Map.of());
    Clients.produce(KAFKA, topic, MARKER);
    try (CapturedLog log = new CapturedLog();
        SafeConsumer<String, String> consumer =
            withSecrets(topic, handler)
                .deadLetter(
                    DeadLetterPolicy.suffix(".dlt")
                        .producer(
                            Map.of("sasl.oauthbearer.client.credentials.client.secret", SECRET))
                        .redact(
                            letter -> {
                              throw new IllegalStateException(MARKER);
                            }))
                .listener(
                    event -> {
                      events.onEvent(event);
                      throw new IllegalStateException(MARKER);
                    })
                .build()) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> !events.of(Blocked.class).isEmpty());
      show(consumer);
      shown.add(consumer.close(Duration.ofSeconds(10)).toString());
      assertSilent(log);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"deserializer", "stop"})
  void shouldNotShowThemWhenTheConsumerFails(String why) throws Exception {
    String topic = Topics.create(KAFKA, "secrets", 1);
    Clients.produce(KAFKA, topic, MARKER);
    RecordHandler<String, String> handler =
        RecordHandler.of(
            (record, context) -> {
              throw new IllegalStateException(record.value(), new IllegalStateException(MARKER));
            });
    try (CapturedLog log = new CapturedLog();
        SafeConsumer<String, String> consumer =
            withSecrets(topic, handler)
                .retry(
                    io.github.safeconsumer.RetryPolicy.defaults()
                        .on(FailureAction.STOP, IllegalStateException.class))
                .valueDeserializer(
                    () -> {
                      if (why.equals("deserializer")) {
                        throw new IllegalStateException(SECRET);
                      }
                      return new StringDeserializer();
                    })
                .listener(events)
                .build()) {
      shown.add(consumer.start().get(30, SECONDS).toString());
      CloseReport report = consumer.closed().get(30, SECONDS);
      assertThat(report.state()).isEqualTo(State.FAILED);
      shown.add(report.toString());
      show(consumer);
      assertSilent(log);
    }
  }

  private static SafeConsumer.Builder<String, String> withSecrets(
      String topic, RecordHandler<String, String> handler) {
    return Consumers.strings(KAFKA, Topics.uniqueName("group"), topic, handler)
        .kafka("sasl.mechanism", "SCRAM-SHA-512")
        .kafka(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"u\""
                + " password=\""
                + SECRET
                + "\";")
        .kafka("ssl.keystore.password", SECRET)
        .kafka("ssl.truststore.password", SECRET)
        .kafka("ssl.key.password", SECRET)
        .kafka("sasl.oauthbearer.client.credentials.client.secret", SECRET)
        .kafka("basic.auth.user.info", "user:" + SECRET);
  }

  private void show(SafeConsumer<String, String> consumer) {
    shown.add(consumer.status().toString());
    shown.add(consumer.status().toJson());
    shown.add(consumer.health().toString());
  }

  private void assertSilent(CapturedLog log) {
    assertThat(log.lines()).isNotEmpty().noneMatch(SecretsIT::tells);
    assertThat(events.all()).isNotEmpty().noneMatch(event -> tells(event.toString()));
    assertThat(shown).isNotEmpty().noneMatch(SecretsIT::tells);
  }

  private static boolean tells(String text) {
    return text.contains(SECRET) || text.contains(MARKER);
  }
}
