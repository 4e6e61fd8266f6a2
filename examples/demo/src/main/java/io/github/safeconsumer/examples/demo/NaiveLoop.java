package io.github.safeconsumer.examples.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The loop that most tutorials write: poll, handle each record, commit. It commits after the work,
 * so it loses nothing. What it cannot do ends it, and {@link NaiveGroup} starts another, as a
 * container platform would.
 */
final class NaiveLoop {
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Object> settings;
  private final Fulfilment fulfilment;
  private final Journal journal;
  private final BiConsumer<Integer, Set<TopicPartition>> onAssigned;

  private volatile boolean stopped;
  private volatile String position = "";

  /** {@code onAssigned} is told the group's generation and what this member owns in it. */
  NaiveLoop(
      Map<String, Object> settings,
      Fulfilment fulfilment,
      Journal journal,
      BiConsumer<Integer, Set<TopicPartition>> onAssigned) {
    this.settings = settings;
    this.fulfilment = fulfilment;
    this.journal = journal;
    this.onAssigned = onAssigned;
  }

  void run(String topic) throws Exception {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic), report(consumer));
      while (!stopped) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
        for (ConsumerRecord<String, String> record : records) {
          handle(record);
        }
        if (!records.isEmpty()) {
          consumer.commitSync();
        }
      }
    }
  }

  private void handle(ConsumerRecord<String, String> record) throws Exception {
    position = record.topic() + "-" + record.partition() + "@" + record.offset();
    journal.began(record.partition(), record.offset());
    try {
      Order order = json.readValue(record.value(), Order.class);
      fulfilment.fulfil(order);
    } catch (Exception e) {
      journal.failed(record.partition(), record.offset());
      throw e;
    }
    journal.completed(record.partition(), record.offset());
  }

  private ConsumerRebalanceListener report(KafkaConsumer<?, ?> consumer) {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        onAssigned.accept(consumer.groupMetadata().generationId(), consumer.assignment());
      }

      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
    };
  }

  /** The record it handled last, as {@code topic-partition@offset}. */
  String position() {
    return position;
  }

  /** Ends it after the poll that is under way. */
  void stop() {
    stopped = true;
  }
}
