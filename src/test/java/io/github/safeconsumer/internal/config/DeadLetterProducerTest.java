package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.deadletter.DeadLetterProducerSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What build() accepts for the dead-letter producer, Kafka's producer accepts; otherwise the first
 * dead letter would find out.
 */
class DeadLetterProducerTest {
  private static final Map<String, List<Object>> VALUES =
      Map.of(
          "delivery.timeout.ms", List.of(0, 10_004, "10005", 10_005L, 120_000),
          "request.timeout.ms", List.of(1, 10_000, 30_000L),
          "linger.ms", List.of(0, 5L, 100_000),
          "retries", List.of(0, 1L, Integer.MAX_VALUE),
          "max.in.flight.requests.per.connection", List.of("1", 5, 6),
          "max.request.size", List.of(1_000L),
          "compression.type", List.of("none", "gzip", "fast"));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldAcceptExactlyWhatTheProducerAccepts(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < 40; run++) {
      Map<String, Object> producer = new HashMap<>();
      new TreeMap<>(VALUES)
          .forEach(
              (key, values) -> {
                if (random.nextInt(3) == 0) {
                  producer.put(key, values.get(random.nextInt(values.size())));
                }
              });
      RawSettings<String, String> raw = Given.complete();
      raw.deadLetter = DeadLetterPolicy.toTopic("x").producer(producer);

      if (Given.findings(raw, Given.CLIENT).isEmpty()) {
        Settings<String, String> settings = SettingsFactory.create(raw, Given.CLIENT);
        assertThat(refusal(settings.deadLetter()))
            .as("seed %d run %d: %s", seed, run, producer)
            .isNull();
      } else {
        assertThat(refusal(DeadLetterPolicy.toTopic("x").producer(asText(producer))))
            .as("seed %d run %d: %s", seed, run, producer)
            .isInstanceOf(KafkaException.class);
      }
    }
  }

  @Test
  void shouldKeepTheRestOfThePolicy() {
    DeadLetterPolicy policy =
        Given.settings(
                raw ->
                    raw.deadLetter =
                        DeadLetterPolicy.suffix(".x")
                            .floodLimit(7)
                            .createIfMissing()
                            .producer(Map.of("linger.ms", 1L, "own", 2L)))
            .deadLetter();

    assertThat(policy.kind()).isEqualTo(DeadLetterPolicy.Kind.SUFFIX);
    assertThat(policy.floodLimit()).isEqualTo(7);
    assertThat(policy.createsIfMissing()).isTrue();
    assertThat(policy.producer()).containsEntry("own", 2L).containsKey("linger.ms").hasSize(2);
  }

  /** Numbers as text, which the producer takes for every type. */
  private static Map<String, Object> asText(Map<String, Object> settings) {
    Map<String, Object> texts = new HashMap<>();
    settings.forEach((key, value) -> texts.put(key, value.toString()));
    return texts;
  }

  /** What the producer's constructor throws; null where it accepts. */
  private static Throwable refusal(DeadLetterPolicy policy) {
    KafkaSettings kafka =
        Given.settings(raw -> raw.kafka.put("bootstrap.servers", "localhost:1")).kafka();
    return catchThrowable(
        () ->
            new KafkaProducer<byte[], byte[]>(DeadLetterProducerSettings.producer(kafka, policy))
                .close(Duration.ZERO));
  }
}
