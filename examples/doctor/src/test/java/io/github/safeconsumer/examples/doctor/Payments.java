package io.github.safeconsumer.examples.doctor;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A group with a SafeConsumer and a hand-written loop in it, to which records come all the time.
 * Once it is spoilt, each meets a record that it cannot handle.
 */
final class Payments implements AutoCloseable {
  static final String GROUP = "payments-service";
  private static final String TOPIC = "payments";
  private static final int PARTITIONS = 6;
  private static final String BAD = "bad";
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final String brokers;
  private final AtomicBoolean ends = new AtomicBoolean();
  private final AtomicBoolean spoilt = new AtomicBoolean();
  private final SafeConsumer<String, String> safe;
  private final KafkaConsumer<String, String> plain;
  private final Thread loop = new Thread(this::loop, "hand-written-loop");
  private final Thread feed = new Thread(this::feed, "feed");

  Payments(String brokers) throws ExecutionException, InterruptedException, TimeoutException {
    this.brokers = brokers;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())))
          .all()
          .get();
    }
    plain =
        new KafkaConsumer<>(
            settings("payments-legacy"), new StringDeserializer(), new StringDeserializer());
    safe =
        SafeConsumer.<String, String>builder()
            .kafka(settings("payments-1"))
            .topics(TOPIC)
            .keyDeserializer(StringDeserializer::new)
            .valueDeserializer(StringDeserializer::new)
            .ordering(Ordering.KEY)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(500))
            .circuitBreaker(CircuitBreakerPolicy.off())
            .deadLetter(DeadLetterPolicy.none())
            .shutdownHook(false)
            .handler(RecordHandler.of((record, context) -> check(record)))
            .build();
    loop.start();
    safe.start().get(BOUND.toSeconds(), TimeUnit.SECONDS);
    feed.start();
  }

  private Map<String, Object> settings(String client) {
    return Map.of(
        "bootstrap.servers",
        brokers,
        "group.id",
        GROUP,
        "client.id",
        client,
        "auto.offset.reset",
        "earliest",
        "partition.assignment.strategy",
        "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
  }

  private static void check(ConsumerRecord<String, String> record) {
    if (BAD.equals(record.value())) {
      throw new IllegalStateException("no such account");
    }
  }

  /** Begins again at the record that failed, and commits behind each one that did not. */
  private void loop() {
    try (plain) {
      plain.subscribe(List.of(TOPIC));
      while (!ends.get()) {
        ConsumerRecords<String, String> records = plain.poll(Duration.ofMillis(200));
        for (TopicPartition partition : records.partitions()) {
          long next = handled(records.records(partition));
          plain.commitSync(Map.of(partition, new OffsetAndMetadata(next)));
          plain.seek(partition, next);
        }
      }
    } catch (WakeupException closed) {
      // asked to end
    }
  }

  private static long handled(List<ConsumerRecord<String, String>> records) {
    for (ConsumerRecord<String, String> one : records) {
      if (BAD.equals(one.value())) {
        return one.offset();
      }
    }
    return records.get(records.size() - 1).offset() + 1;
  }

  private void feed() {
    Map<String, Object> settings = Map.of("bootstrap.servers", brokers);
    boolean sent = false;
    try (Producer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; !ends.get(); i++) {
        boolean bad = spoilt.get() && !sent;
        for (int partition = 0; partition < PARTITIONS; partition++) {
          producer.send(new ProducerRecord<>(TOPIC, partition, "k" + i, bad ? BAD : "amount " + i));
        }
        sent |= bad;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(40)); // the pace of the feed
      }
    }
  }

  /** From now on there is a bad record in each partition. */
  void spoil() {
    spoilt.set(true);
  }

  @Override
  public void close() {
    ends.set(true);
    plain.wakeup();
    safe.close();
    try {
      feed.join();
      loop.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
