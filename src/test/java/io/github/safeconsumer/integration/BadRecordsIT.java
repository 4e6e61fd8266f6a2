package io.github.safeconsumer.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records as odd as a broker takes them: each is handled as it is, and each becomes a dead letter
 * with its bytes and headers as they were.
 */
class BadRecordsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final int MAXIMAL = 1_000_000; // of a broker's 1,048,588 bytes a batch
  private static final byte[] NOT_UTF8 = {(byte) 0xC3, (byte) 0x28, (byte) 0xFF, 0};

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Odd(String name, byte[] key, byte[] value, Long timestamp, List<Header> headers) {
    static Odd of(String name, byte[] key, byte[] value) {
      return new Odd(name, key, value, null, List.of());
    }
  }

  private static List<Odd> odd() {
    byte[] key = "k".getBytes(UTF_8);
    byte[] value = "v".getBytes(UTF_8);
    List<Odd> all = new ArrayList<>();
    all.add(Odd.of("poison first", NOT_UTF8, NOT_UTF8));
    all.add(Odd.of("null key", null, value));
    all.add(Odd.of("tombstone", key, null));
    all.add(Odd.of("nothing at all", null, null));
    all.add(Odd.of("zero bytes", new byte[0], new byte[0]));
    all.add(Odd.of("maximal", key, new byte[MAXIMAL]));
    all.add(
        new Odd(
            "headers",
            key,
            value,
            null,
            List.of(
                new RecordHeader("twice", "1".getBytes(UTF_8)),
                new RecordHeader("twice", "2".getBytes(UTF_8)),
                new RecordHeader("null", (byte[]) null),
                new RecordHeader("binary", NOT_UTF8),
                new RecordHeader("", new byte[0]),
                new RecordHeader("huge", new byte[200_000]))));
    all.add(
        new Odd(
            "forged dead letter",
            key,
            value,
            null,
            List.of(
                new RecordHeader("safeconsumer.dlt.version", "1".getBytes(UTF_8)),
                new RecordHeader("safeconsumer.dlt.attempts", NOT_UTF8),
                new RecordHeader("safeconsumer.dlt.unknown", null))));
    all.add(new Odd("from 1970", key, value, 0L, List.of()));
    all.add(
        new Odd(
            "soon",
            key,
            value,
            System.currentTimeMillis() + Duration.ofMinutes(50).toMillis(),
            List.of()));
    all.add(Odd.of("poison last", NOT_UTF8, NOT_UTF8));
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"handled", "handler fails", "cannot be read"})
  void shouldDealWithOddRecordsAndKeepTheirBytes(String fate) throws Exception {
    List<Odd> odd = odd();
    String topic = Topics.create(KAFKA, "odd", 1);
    String dlt =
        Topics.create(KAFKA, "odd-dlt", 1, Map.of("max.message.bytes", String.valueOf(2 << 20)));
    String group = Topics.uniqueName("group");
    produce(topic, odd);
    Queue<ConsumerRecord<byte[], byte[]>> handled = new ConcurrentLinkedQueue<>();
    RecordHandler<byte[], byte[]> handler =
        RecordHandler.of(
            (record, context) -> {
              handled.add(record);
              if (fate.equals("handler fails")) {
                throw new NonRetryableException("each of them");
              }
            });
    int expectedLetters = fate.equals("handled") ? 0 : odd.size();
    try (Operator operator = new Operator(KAFKA);
        SafeConsumer<byte[], byte[]> consumer =
            SafeConsumer.<byte[], byte[]>builder()
                .kafka("bootstrap.servers", KAFKA)
                .kafka("group.id", group)
                .kafka("auto.offset.reset", "earliest")
                .kafka("max.partition.fetch.bytes", 1000) // less than the largest record
                .topics(topic)
                .keyDeserializer(ByteArrayDeserializer::new)
                .valueDeserializer(
                    () ->
                        (t, data) -> {
                          if (fate.equals("cannot be read")) {
                            throw new IllegalArgumentException("unreadable");
                          }
                          return data;
                        })
                .deadLetter(
                    DeadLetterPolicy.toTopic(dlt)
                        .producer(Map.of("max.request.size", String.valueOf(2 << 20))))
                .handler(handler)
                .build()) {
      assertThat(consumer.start().get(30, SECONDS).applied()).isTrue();
      await()
          .atMost(SOON)
          .until(() -> operator.committed(group, new TopicPartition(topic, 0)) == odd.size());
      if (fate.equals("cannot be read")) {
        expectedLetters = odd.size() - 2; // null is never given to a deserializer
      }
      assertThat(consumer.status().deadLettered()).isEqualTo(expectedLetters);
    }
    if (fate.equals("cannot be read")) {
      assertThat(handled).hasSize(2).allMatch(record -> record.value() == null);
    } else {
      assertSame(new ArrayList<>(handled), odd, false);
    }
    if (fate.equals("handler fails")) {
      assertSame(read(dlt, odd.size()), odd, true);
    }
  }

  private static void assertSame(
      List<ConsumerRecord<byte[], byte[]>> records, List<Odd> odd, boolean letters) {
    assertThat(records).hasSameSizeAs(odd);
    for (int i = 0; i < odd.size(); i++) {
      Odd wanted = odd.get(i);
      ConsumerRecord<byte[], byte[]> record = records.get(i);
      assertThat(Arrays.equals(record.key(), wanted.key())).as("key of %s", wanted.name()).isTrue();
      assertThat(Arrays.equals(record.value(), wanted.value()))
          .as("value of %s", wanted.name())
          .isTrue();
      List<Header> own =
          Arrays.stream(record.headers().toArray())
              .filter(h -> !letters || !h.key().startsWith("safeconsumer.dlt."))
              .toList();
      List<Header> expected =
          wanted.headers().stream()
              .filter(h -> !letters || !h.key().startsWith("safeconsumer.dlt."))
              .toList();
      assertThat(own).as("headers of %s", wanted.name()).isEqualTo(expected);
    }
  }

  private static void produce(String topic, List<Odd> odd) throws Exception {
    Map<String, Object> config =
        Map.of("bootstrap.servers", KAFKA, "max.request.size", 2 << 20, "linger.ms", 0);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (Odd one : odd) {
        producer
            .send(
                new ProducerRecord<>(
                    topic, 0, one.timestamp(), one.key(), one.value(), one.headers()))
            .get(30, SECONDS);
      }
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", KAFKA, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      await()
          .atMost(SOON)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= count;
              });
    }
    return records;
  }
}
