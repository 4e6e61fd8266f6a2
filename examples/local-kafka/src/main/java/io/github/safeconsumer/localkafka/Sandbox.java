package io.github.safeconsumer.localkafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A broker with topics of text to try something on, and what a test asks of them: what an example
 * needs besides its own subject. It needs the Kafka client of whoever uses it.
 *
 * <p>A call that the broker does not answer within a minute ends in an {@link
 * IllegalStateException}. For one thread at a time.
 */
public final class Sandbox implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);

  private final LocalKafka kafka;
  private final Admin admin;
  private final KafkaProducer<String, String> producer;

  private Sandbox(LocalKafka kafka) {
    this.kafka = kafka;
    Map<String, Object> address = Map.of("bootstrap.servers", kafka.bootstrapServers());
    admin = Admin.create(address);
    producer = new KafkaProducer<>(address, new StringSerializer(), new StringSerializer());
  }

  /** Starts a broker in a JVM of its own; it ends with {@link #close()} or with this JVM. */
  public static Sandbox start() {
    return new Sandbox(LocalKafka.start(1));
  }

  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Creates a topic; every broker knows it when the call returns. */
  public Sandbox topic(String name, int partitions) {
    answer(
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all(),
        "creation of topic " + name);
    return this;
  }

  /** Writes a record; the broker has it when the call returns. */
  public RecordMetadata send(String topic, String key, String value) {
    return send(new ProducerRecord<>(topic, key, value));
  }

  /** Writes a record; the broker has it when the call returns. */
  public RecordMetadata send(ProducerRecord<String, String> record) {
    return answer(producer.send(record), "write to topic " + record.topic());
  }

  /** Writes records, in their order; the broker has them when the call returns. */
  public void send(List<ProducerRecord<String, String>> records) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    records.forEach(record -> sent.add(producer.send(record)));
    sent.forEach(one -> answer(one, "write of " + records.size() + " records"));
  }

  /**
   * Reads a topic from its beginning, until so many records have come.
   *
   * @throws IllegalStateException when fewer come within a minute
   */
  public List<ConsumerRecord<String, String>> read(String topic, int count) {
    try (KafkaConsumer<String, String> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          reader.partitionsFor(topic).stream()
              .map(one -> new TopicPartition(one.topic(), one.partition()))
              .toList();
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      List<ConsumerRecord<String, String>> records = new ArrayList<>();
      long begun = System.nanoTime();
      while (records.size() < count) {
        if (System.nanoTime() - begun > PATIENCE.toNanos()) {
          throw new IllegalStateException(
              topic + " holds " + records.size() + " records, not " + count);
        }
        reader.poll(POLL).forEach(records::add);
      }
      return records;
    }
  }

  /**
   * What a group has committed of a topic, by partition; a partition without an offset is absent.
   */
  public Map<Integer, Long> committed(String group, String topic) {
    Map<Integer, Long> offsets = new TreeMap<>();
    Map<TopicPartition, OffsetAndMetadata> all =
        answer(
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
            "offsets of group " + group);
    all.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(topic) && offset != null) {
            offsets.put(partition.partition(), offset.offset());
          }
        });
    return offsets;
  }

  private static <T> T answer(Future<T> future, String what) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new IllegalStateException(what + " failed: " + failed.getCause(), failed);
    } catch (TimeoutException late) {
      throw new IllegalStateException(what + " was not answered within " + PATIENCE, late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(what + " was interrupted", interrupted);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    admin.close(Duration.ofSeconds(5));
    kafka.close();
  }
}
