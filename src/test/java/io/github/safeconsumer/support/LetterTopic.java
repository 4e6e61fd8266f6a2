package io.github.safeconsumer.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetter.Reason;
import io.github.safeconsumer.internal.deadletter.DeadLetterFactory;
import io.github.safeconsumer.internal.deadletter.DeadLetterHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A dead-letter topic that a test fills as the library would, and topics read as bytes. */
public final class LetterTopic implements AutoCloseable {
  public static final String GROUP = "billing";

  private static final Instant FIRST = Instant.parse("2026-03-01T10:00:00Z");

  private final String servers;
  private final String name;
  private final KafkaProducer<byte[], byte[]> producer;

  public LetterTopic(String servers, String name) {
    this.servers = servers;
    this.name = name;
    this.producer =
        new KafkaProducer<>(
            // One request at a time: see Clients.producer.
            Map.of(
                "bootstrap.servers",
                servers,
                "acks",
                "all",
                "max.request.size",
                1 << 25,
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  public String name() {
    return name;
  }

  /** A record as a consumer read it: key {@code k}, value {@code v}, one header of its own. */
  public static ConsumerRecord<byte[], byte[]> record(
      TopicPartition origin, long offset, String key, byte[] value) {
    Headers headers = new RecordHeaders().add("trace", bytes("t" + offset));
    return new ConsumerRecord<>(
        origin.topic(),
        origin.partition(),
        offset,
        1_700_000_000_000L + offset,
        TimestampType.CREATE_TIME,
        -1,
        -1,
        key == null ? null : bytes(key),
        value,
        headers,
        Optional.of(1));
  }

  /** A letter of the offset's record; its last failure is that many minutes after 10 o'clock. */
  public static DeadLetter letter(TopicPartition origin, long offset, Throwable failure) {
    return letter(
        record(origin, offset, "k" + offset % 3, bytes("v" + offset)), Reason.EXHAUSTED, failure);
  }

  public static DeadLetter letter(
      ConsumerRecord<byte[], byte[]> record, Reason reason, Throwable failure) {
    return new DeadLetterFactory(GROUP, GROUP + "-1", "host-1", Optional::empty)
        .create(record, reason, failure, 4, FIRST, FIRST.plus(Duration.ofMinutes(record.offset())));
  }

  /** Writes letters of the offsets from 0, all to partition 0. */
  public void fill(TopicPartition origin, int letters) {
    fill(origin, 0, letters, UnaryOperator.identity());
  }

  public void fill(TopicPartition origin, int from, int to, UnaryOperator<DeadLetter> change) {
    List<DeadLetter> letters =
        IntStream.range(from, to)
            .mapToObj(i -> change.apply(letter(origin, i, new IllegalStateException("no " + i))))
            .toList();
    write(0, letters);
  }

  /** Writes them to this partition of the topic; returns when all are acknowledged. */
  public void write(int partition, List<DeadLetter> letters) {
    List<Future<?>> sent = new ArrayList<>();
    for (DeadLetter letter : letters) {
      sent.add(
          producer.send(
              new ProducerRecord<>(
                  name,
                  partition,
                  letter.key(),
                  letter.value(),
                  DeadLetterHeaders.encode(letter, false))));
    }
    await(sent);
  }

  /** Writes what is no dead letter. */
  public void writeForeign(int partition, String value) {
    await(List.of(producer.send(new ProducerRecord<>(name, partition, null, bytes(value)))));
  }

  private void await(List<? extends Future<?>> sent) {
    try {
      for (Future<?> one : sent) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not write to " + name, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** All that is in a topic now, by partition, as a reader of this isolation level sees it. */
  public List<ConsumerRecord<byte[], byte[]>> readAll(String topic, String isolation) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", servers,
            "auto.offset.reset", "earliest",
            "isolation.level", isolation);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      for (var info : consumer.partitionsFor(topic)) {
        TopicPartition partition = new TopicPartition(topic, info.partition());
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        consumer.seekToBeginning(List.of(partition));
        long start = System.nanoTime();
        while (consumer.position(partition) < end) {
          consumer.poll(Duration.ofMillis(100)).forEach(records::add);
          if (System.nanoTime() - start > Duration.ofSeconds(30).toNanos()) {
            throw new AssertionError("read " + records.size() + " records of " + topic);
          }
        }
      }
    }
    return records;
  }

  public static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  public static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  @Override
  public void close() {
    producer.close();
  }
}
