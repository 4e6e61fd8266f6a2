package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The figures of a partition are true on a real broker. */
@Timeout(120)
class FiguresIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String SERVERS = SharedKafka.bootstrapServers();

  private static SafeConsumer.Builder<String, String> consumer(
      String topic, RecordHandler<String, String> handler) {
    return Consumers.strings(SERVERS, Topics.uniqueName("group"), topic, handler);
  }

  private static PartitionStatus awaitOf(
      SafeConsumer<?, ?> consumer, int partition, Predicate<PartitionStatus> is) {
    return await()
        .atMost(SOON)
        .until(
            () ->
                consumer.status().partitions().stream()
                    .filter(one -> one.partition().partition() == partition)
                    .findFirst()
                    .orElse(null),
            one -> one != null && is.test(one));
  }

  private static boolean isDone(PartitionStatus one) {
    return one.lag().equals(OptionalLong.of(0));
  }

  /** Markers and aborted records are offsets, but nothing that has to be done. */
  @Test
  void shouldHaveNoLagBehindMarkersAndAbortedRecords() throws Exception {
    String topic = Topics.create(SERVERS, "markers", 1);
    try (Producer<String, String> producer = transactional()) {
      transaction(producer, topic, 10, true);
      transaction(producer, topic, 5, false);
      try (SafeConsumer<String, String> consumer =
          consumer(topic, RecordHandler.of((record, context) -> {}))
              .kafka("isolation.level", "read_committed")
              .build()) {
        consumer.start().get(30, SECONDS);
        PartitionStatus done = awaitOf(consumer, 0, FiguresIT::isDone);
        assertThat(done.watermark()).isEqualTo(17);
        assertThat(done.oldestAge()).isEmpty();
        assertThat(done.timeToDrain()).contains(Duration.ZERO);

        // What an open transaction has written is not there yet.
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, "k", "open")).get(30, SECONDS);
        transactionOf(producer, topic);
        awaitOf(consumer, 0, one -> one.watermark() == 20 && isDone(one));
      }
    }
  }

  private static void transactionOf(Producer<String, String> producer, String topic) {
    producer.send(new ProducerRecord<>(topic, 0, "k", "last"));
    producer.commitTransaction();
  }

  @Test
  void shouldKnowEmptyPartitionsAndThoseThatAreAddedLater() throws Exception {
    String topic = Topics.create(SERVERS, "growing", 2);
    try (Admin admin = Clients.admin(SERVERS);
        SafeConsumer<String, String> consumer =
            consumer(topic, RecordHandler.of((record, context) -> {}))
                .kafka("metadata.max.age.ms", "500")
                .build()) {
      consumer.start().get(30, SECONDS);
      awaitOf(consumer, 0, FiguresIT::isDone);
      awaitOf(consumer, 1, FiguresIT::isDone);
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get(30, SECONDS);
      PartitionStatus added = awaitOf(consumer, 2, FiguresIT::isDone);
      assertThat(added.oldestAge()).isEmpty();
      assertThat(added.inFlight()).isZero();
    }
  }

  /** What a paused partition does not fetch is asked of the broker. */
  @Test
  void shouldCountWhatArrivesWhileItIsPaused() throws Exception {
    String topic = Topics.create(SERVERS, "paused", 1);
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Producer<String, String> producer = Clients.producer(SERVERS);
        SafeConsumer<String, String> consumer =
            consumer(topic, RecordHandler.of((record, context) -> {})).build()) {
      consumer.start().get(30, SECONDS);
      awaitOf(consumer, 0, FiguresIT::isDone);
      Instant before = Instant.now();
      consumer.pause(List.of(partition)).get(30, SECONDS);
      for (int i = 0; i < 50; i++) {
        producer.send(new ProducerRecord<>(topic, 0, "k", "v"));
      }
      producer.flush();
      PartitionStatus paused =
          awaitOf(
              consumer,
              0,
              one ->
                  one.lag().equals(OptionalLong.of(50))
                      && one.arrivedPerSecond().orElse(0) > 0
                      && one.oldestAge().isPresent());
      assertThat(paused.pauseReasons()).contains(PauseReason.USER);
      assertThat(paused.pausedSince().get(PauseReason.USER))
          .isBetween(before.minusMillis(1), Instant.now());
      assertThat(paused.timeToDrain()).isEmpty();
      consumer.resume(List.of(partition)).get(30, SECONDS);
      awaitOf(consumer, 0, one -> isDone(one) && one.donePerSecond().orElse(0) > 0);
    }
  }

  @Test
  void shouldShowWhatRunsAndWhatWaitsForItsRetry() throws Exception {
    String topic = Topics.create(SERVERS, "running", 2);
    CountDownLatch release = new CountDownLatch(1);
    try (Producer<String, String> producer = Clients.producer(SERVERS);
        SafeConsumer<String, String> consumer =
            consumer(
                    topic,
                    RecordHandler.of(
                        (record, context) -> {
                          if (record.partition() == 1) {
                            throw new IllegalStateException("again");
                          }
                          release.await();
                        }))
                .retry(RetryPolicy.fixed(Duration.ofMinutes(1)))
                .concurrency(2)
                .build()) {
      consumer.start().get(30, SECONDS);
      long produced = System.currentTimeMillis() - 5_000;
      producer.send(new ProducerRecord<>(topic, 0, produced, "k", "runs"));
      producer.send(new ProducerRecord<>(topic, 1, produced, "k", "fails"));
      PartitionStatus runs =
          awaitOf(
              consumer,
              0,
              one ->
                  one.inFlight() == 1
                      && one.oldestAttempt().filter(t -> t.toMillis() > 0).isPresent());
      assertThat(runs.oldestAge().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
      awaitOf(consumer, 1, one -> one.waiting() == 1 && one.inFlight() == 0);
      release.countDown();
      awaitOf(consumer, 0, one -> isDone(one) && one.oldestAttempt().isEmpty());
    }
  }

  private static Producer<String, String> transactional() {
    KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", SERVERS, "transactional.id", Topics.uniqueName("producer")),
            new StringSerializer(),
            new StringSerializer());
    producer.initTransactions();
    return producer;
  }

  private static void transaction(
      Producer<String, String> producer, String topic, int count, boolean commit) {
    producer.beginTransaction();
    for (int i = 0; i < count; i++) {
      producer.send(new ProducerRecord<>(topic, 0, "k", "v"));
    }
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.flush();
      producer.abortTransaction();
    }
  }
}
