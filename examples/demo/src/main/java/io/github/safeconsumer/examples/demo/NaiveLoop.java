package io.github.safeconsumer.examples.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
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
  private final Observer observer;
  private final Duration maxPollInterval;

  private volatile boolean stopped;
  private volatile String position = "";
  private long polledAt;
  private boolean evicted;

  NaiveLoop(
      Map<String, Object> settings, Fulfilment fulfilment, Journal journal, Observer observer) {
    this.settings = settings;
    this.fulfilment = fulfilment;
    this.journal = journal;
    this.observer = observer;
    maxPollInterval =
        Duration.ofMillis(
            Long.parseLong((String) settings.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG)));
  }

  /** Told what happens to this member of the group. */
  interface Observer {
    /** The group's generation, and what the member owns in it. */
    void assigned(int generation, Set<TopicPartition> partitions);

    /** More than max.poll.interval.ms have passed since the last poll. */
    void evicted();
  }

  void run(String topic) throws Exception {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic), report(consumer));
      while (!stopped) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
        polled();
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
    noticeEviction();
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

  private void polled() {
    polledAt = System.nanoTime();
    evicted = false;
  }

  private void noticeEviction() {
    if (!evicted && System.nanoTime() - polledAt > maxPollInterval.toNanos()) {
      evicted = true;
      observer.evicted();
    }
  }

  private ConsumerRebalanceListener report(KafkaConsumer<?, ?> consumer) {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        observer.assigned(consumer.groupMetadata().generationId(), consumer.assignment());
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
