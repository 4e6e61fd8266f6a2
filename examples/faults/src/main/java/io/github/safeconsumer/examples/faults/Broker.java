package io.github.safeconsumer.examples.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The broker, asked with nothing but Kafka's own clients. */
final class Broker implements AutoCloseable {
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);
  private static final String ORIGIN_PARTITION = "safeconsumer.dlt.origin.partition";
  private static final String ORIGIN_OFFSET = "safeconsumer.dlt.origin.offset";

  private final String bootstrapServers;
  private final Map<String, Object> settings;
  private final Admin admin;

  Broker(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    settings = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    admin = Admin.create(settings);
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  void create(String topic, int partitions) throws InterruptedException, ExecutionException {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
  }

  void delete(String topic) throws InterruptedException, ExecutionException {
    admin.deleteTopics(List.of(topic)).all().get();
  }

  /** By partition; 0 before the first commit. */
  List<Long> committed(String group, String topic, int partitions)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return partitionsOf(topic, partitions).stream()
        .map(committed::get)
        .map(offset -> offset == null ? 0L : offset.offset())
        .toList();
  }

  /** Writes each record of the plan to its place, spread over the time. */
  void send(Plan plan, String topic, Duration time) throws InterruptedException {
    List<Place> places = plan.places();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      long start = System.nanoTime();
      for (int sent = 0; sent < places.size(); sent++) {
        TimeUnit.NANOSECONDS.sleep(
            start + time.toNanos() / places.size() * sent - System.nanoTime());
        Place place = places.get(sent);
        byte[] key = place.toString().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, place.partition(), key, plan.value(place)));
      }
    }
  }

  /** The origins of all records of a dead-letter topic of one partition. */
  List<Place> deadLetters(String topic) {
    TopicPartition only = new TopicPartition(topic, 0);
    List<Place> letters = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(only));
      consumer.seekToBeginning(List.of(only));
      long end = consumer.endOffsets(List.of(only)).get(only);
      while (consumer.position(only) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> letters.add(origin(record)));
      }
    }
    return letters;
  }

  private static Place origin(ConsumerRecord<?, ?> record) {
    return new Place(
        Integer.parseInt(header(record, ORIGIN_PARTITION)),
        Long.parseLong(header(record, ORIGIN_OFFSET)));
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    if (header == null) {
      throw new IllegalStateException("a dead letter without the header " + name);
    }
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  private static List<TopicPartition> partitionsOf(String topic, int partitions) {
    return IntStream.range(0, partitions)
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .toList();
  }

  @Override
  public void close() {
    admin.close(CLOSE_BOUND);
  }
}
