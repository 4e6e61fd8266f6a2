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

/**
 * Writes {@link Task}s under keys that keep their number for each partition, each key's numbered
 * from 0. One key for each partition shows the order of the partition. For one thread.
 */
final class Numbered implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final Producer<String, String> producer;
  private final String topic;
  private final int partitions;
  private final int keysPerPartition;
  private final int[] next;
  private final int[] sentTo;
  private int sent;

  Numbered(String brokers, String topic, int partitions, int keysPerPartition) {
    this.producer = Clients.producer(brokers);
    this.topic = topic;
    this.partitions = partitions;
    this.keysPerPartition = keysPerPartition;
    this.sentTo = new int[partitions];
    this.next = new int[partitions * keysPerPartition];
  }

  /**
   * So many records with nothing wrong, round the partitions; returns when all are acknowledged.
   */
  List<Place> good(int count, Duration work) throws Exception {
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(send(sent % partitions, 0, work, Fault.NONE));
    }
    List<Place> places = new ArrayList<>();
    for (Future<RecordMetadata> answer : answers) {
      places.add(place(answer));
    }
    return places;
  }

  /** One record of this fault. */
  Place bad(int partition, Fault fault) throws Exception {
    return place(send(partition, 0, Duration.ZERO, fault));
  }

  /** One record whose attempts fail, or take long. */
  Place one(int partition, int failures, Duration work) throws Exception {
    return place(send(partition, failures, work, Fault.NONE));
  }

  private Future<RecordMetadata> send(int partition, int failures, Duration work, Fault fault) {
    int key = partition * keysPerPartition + sentTo[partition] % keysPerPartition;
    sent++;
    sentTo[partition]++;
    // What no handler sees cannot have a place in the order of a key.
    boolean seen = fault != Fault.HALT_IN_DESERIALIZER && fault != Fault.UNREADABLE;
    Task task = new Task(seen ? next[key]++ : 0, failures, work, fault);
    return producer.send(
        new ProducerRecord<>(topic, partition, seen ? String.valueOf(key) : null, task.text()));
  }

  private static Place place(Future<RecordMetadata> answer) throws Exception {
    RecordMetadata at = answer.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    return new Place(at.partition(), at.offset());
  }

  /** How many so far. */
  int sent() {
    return sent;
  }

  /** How many of them to this partition. */
  int sentTo(int partition) {
    return sentTo[partition];
  }

  @Override
  public void close() {
    producer.close(BOUND);
  }
}
