package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.support.CapturedLog;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever becomes of a record, the library shows neither its key nor its value. */
class SecrecyIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String KEY = "key-of-a-patient";
  private static final String VALUE = "diagnosis-of-a-patient";

  /** An exception that tells all it knows, in its message, its causes' and in toString(). */
  static final class Indiscreet extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Indiscreet(String key, String value) {
      super(key + "=" + value, new IllegalStateException(value, new IllegalArgumentException(key)));
      addSuppressed(new IllegalStateException(value));
    }
  }

  @ParameterizedTest
  @EnumSource(FailureAction.class)
  void shouldNotShowARecordWhoseHandlerFails(FailureAction action) {
    RecordHandler<String, String> handler =
        RecordHandler.of(
            (record, context) -> {
              throw new ExecutionException(new Indiscreet(record.key(), record.value()));
            });
    assertSilent(handler, action, StringDeserializer::new);
  }

  @ParameterizedTest
  @EnumSource(FailureAction.class)
  void shouldNotShowARecordThatCannotBeRead(FailureAction action) {
    RecordHandler<String, String> handler = RecordHandler.of((record, context) -> {});
    assertSilent(
        handler,
        action,
        () ->
            new StringDeserializer() {
              @Override
              public String deserialize(String topic, byte[] data) {
                String value = super.deserialize(topic, data);
                throw new SerializationException(value, new Indiscreet(KEY, value));
              }
            });
  }

  private static void assertSilent(
      RecordHandler<String, String> handler,
      FailureAction action,
      java.util.function.Supplier<StringDeserializer> values) {
    String brokers = SharedKafka.bootstrapServers();
    String topic = Topics.create(brokers, "secrecy", 1);
    Topics.createNamed(brokers, topic + ".dlt", 1, Map.of());
    try (Producer<String, String> producer = Clients.producer(brokers)) {
      producer.send(new ProducerRecord<>(topic, KEY, VALUE));
    }
    List<SafeConsumerEvent> events = new CopyOnWriteArrayList<>();
    try (CapturedLog log = new CapturedLog();
        SafeConsumer<String, String> consumer =
            Consumers.strings(brokers, Topics.uniqueName("group"), topic, handler)
                .valueDeserializer(values)
                .deadLetter(DeadLetterPolicy.suffix(".dlt"))
                .retry(
                    RetryPolicy.fixed(Duration.ofMillis(20))
                        .maxAttempts(2)
                        .on(action, Throwable.class))
                .listener(events::add)
                .build()) {
      consumer.start();
      await()
          .atMost(SOON)
          .until(
              () ->
                  consumer.status().deadLettered() + consumer.status().skipped() > 0
                      || consumer.status().attemptsFailed() > 2
                      || consumer.status().state().isFinal());
      List<String> shown =
          List.of(
              consumer.health().toString(),
              consumer.status().toString(),
              consumer.status().toJson());
      consumer.close(Duration.ofSeconds(10));

      assertThat(log.lines()).isNotEmpty().noneMatch(SecrecyIT::tells);
      assertThat(events).extracting(Object::toString).isNotEmpty().noneMatch(SecrecyIT::tells);
      assertThat(shown).noneMatch(SecrecyIT::tells);
    }
  }

  private static boolean tells(String text) {
    return text.contains(KEY) || text.contains(VALUE);
  }
}
