package io.github.safeconsumer.examples.faults;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The loop that most tutorials write: poll, handle each record, commit. It commits after the work,
 * so it loses nothing. What it cannot do ends the process, and another is started.
 */
final class NaiveLoop {
  private NaiveLoop() {}

  static void run(MemberSettings settings, JournalWriter journal, Work work) throws Exception {
    try (KafkaConsumer<byte[], Task> consumer =
        new KafkaConsumer<>(settings.kafka(), new ByteArrayDeserializer(), new Task.Reader())) {
      consumer.subscribe(List.of(settings.topic()), report(journal));
      while (true) {
        ConsumerRecords<byte[], Task> records = consumer.poll(Duration.ofMillis(100));
        for (ConsumerRecord<byte[], Task> record : records) {
          work.handle(record);
        }
        if (!records.isEmpty()) {
          consumer.commitSync();
        }
      }
    }
  }

  private static ConsumerRebalanceListener report(JournalWriter journal) {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        journal.assigned(partitions);
      }

      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
    };
  }
}
