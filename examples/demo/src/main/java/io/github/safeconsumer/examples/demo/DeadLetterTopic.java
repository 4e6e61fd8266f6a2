package io.github.safeconsumer.examples.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the dead-letter topic back with a plain consumer. */
final class DeadLetterTopic {
  private static final String ORIGIN_TOPIC = "safeconsumer.dlt.origin.topic";
  private static final String ORIGIN_PARTITION = "safeconsumer.dlt.origin.partition";
  private static final String ORIGIN_OFFSET = "safeconsumer.dlt.origin.offset";

  private DeadLetterTopic() {}

  /** All that is in it now. */
  static List<DeadLetterCopy> read(String bootstrapServers, String topic, int partitions) {
    Map<String, Object> settings =
        Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    List<TopicPartition> all =
        IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
    List<DeadLetterCopy> letters = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> end = consumer.endOffsets(all);
      while (all.stream().anyMatch(p -> consumer.position(p) < end.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> letters.add(copy(record)));
      }
    }
    return letters;
  }

  private static DeadLetterCopy copy(ConsumerRecord<byte[], byte[]> record) {
    return new DeadLetterCopy(
        header(record, ORIGIN_TOPIC),
        Integer.parseInt(header(record, ORIGIN_PARTITION)),
        Long.parseLong(header(record, ORIGIN_OFFSET)),
        record.key(),
        record.value());
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    if (header == null) {
      throw new IllegalStateException(
          "the record at "
              + record.topic()
              + "-"
              + record.partition()
              + "@"
              + record.offset()
              + " has no header "
              + name);
    }
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
