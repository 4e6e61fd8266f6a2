package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.support.Clients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes {@link Task}s, each under a key of its own, and says where they are. */
final class Tasks {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final String brokers;
  private final String topic;
  private final int partitions;
  private int nextKey;

  Tasks(String brokers, String topic, int partitions) {
    this.brokers = brokers;
    this.topic = topic;
    this.partitions = partitions;
  }

  /** So many records round the partitions; returns when all are acknowledged. */
  List<Place> add(int count, int failures, Duration work) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (Producer<String, String> producer = Clients.producer(brokers)) {
      for (int i = 0; i < count; i++) {
        String key = String.valueOf(nextKey++);
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    topic, i % partitions, key, new Task(0, failures, work).text())));
      }
      List<Place> places = new ArrayList<>();
      for (Future<RecordMetadata> one : sent) {
        RecordMetadata at = one.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        places.add(new Place(at.partition(), at.offset()));
      }
      return places;
    }
  }
}
