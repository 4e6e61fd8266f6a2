package io.github.safeconsumer.budget;

import io.github.safeconsumer.support.Clients;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Records that wait to be handled. */
final class Load {
  private static final int KEYS_OF_A_PARTITION = 16;
  private static final long BOUND_SECONDS = 60;

  private Load() {}

  /** Round the partitions, each with several keys that come again and again. */
  static void fill(String brokers, String topic, int partitions, int records) {
    int keys = partitions * KEYS_OF_A_PARTITION;
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (Producer<String, String> producer = Clients.producer(brokers)) {
      for (int i = 0; i < records; i++) {
        sent.add(
            producer.send(
                new ProducerRecord<>(topic, i % partitions, "k" + i % keys, String.valueOf(i))));
      }
      for (Future<RecordMetadata> one : sent) {
        one.get(BOUND_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("could not fill " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while filling " + topic, e);
    }
  }
}
