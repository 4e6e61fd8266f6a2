package io.github.safeconsumer.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plain Kafka clients, by which tests feed and check what they test. */
public final class Clients {
  private static final Duration READ_BOUND = Duration.ofSeconds(30);

  private Clients() {}

  public static Admin admin(String bootstrapServers) {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  /** A producer of strings that waits for all replicas in sync. */
  public static Producer<String, String> producer(String bootstrapServers) {
    return producer(bootstrapServers, 1 << 20);
  }

  /**
   * As above, for records of up to so many bytes.
   *
   * <p>One request at a time: on a topic that was created a moment ago the first request may be
   * refused while the second is taken, and then the first one's sequence number is refused until
   * its delivery times out after two minutes.
   */
  public static Producer<String, String> producer(String bootstrapServers, int maxRequestBytes) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "acks",
            "all",
            "max.in.flight.requests.per.connection",
            1,
            "max.request.size",
            maxRequestBytes);
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }

  /** Writes records without a key to partition 0 and returns when all are acknowledged. */
  public static void produce(String bootstrapServers, String topic, String... values) {
    try (Producer<String, String> producer = producer(bootstrapServers)) {
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not write to " + topic, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing to " + topic, e);
    }
  }

  /**
   * Writes records round the partitions, {@code k0}=v0 first. Returns when all are acknowledged.
   *
   * @throws AssertionError when they are not within 30 seconds
   */
  public static void fill(String bootstrapServers, String topic, int partitions, int records) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (Producer<String, String> producer = producer(bootstrapServers)) {
      for (int i = 0; i < records; i++) {
        sent.add(producer.send(new ProducerRecord<>(topic, i % partitions, "k" + i, "v" + i)));
      }
      for (Future<RecordMetadata> one : sent) {
        one.get(READ_BOUND.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not write to " + topic, e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError(
          "the broker acknowledged %d of %d records of %s"
              .formatted(sent.stream().filter(Future::isDone).count(), records, topic),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing to " + topic, e);
    }
  }

  /**
   * Reads the first records of partition 0, without joining any group.
   *
   * @throws AssertionError when fewer arrive within 30 seconds
   */
  public static List<ConsumerRecord<String, String>> read(
      String bootstrapServers, String topic, int count) {
    return readAll(bootstrapServers, topic, 1, count);
  }

  /** The same for all partitions of the topic. */
  public static List<ConsumerRecord<String, String>> readAll(
      String bootstrapServers, String topic, int partitions, int count) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest");
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(
          IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList());
      long start = System.nanoTime();
      while (records.size() < count) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        if (System.nanoTime() - start > READ_BOUND.toNanos()) {
          throw new AssertionError(
              "read %d of %d records of %s".formatted(records.size(), count, topic));
        }
      }
    }
    return records.subList(0, count);
  }
}
