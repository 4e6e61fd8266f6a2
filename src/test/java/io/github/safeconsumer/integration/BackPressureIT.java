package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A slow handler fills bounded buffers, and only its own partition's. */
@Timeout(90)
class BackPressureIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final int POLLED_AT_ONCE = 50;
  private static final String EACH = "io.github.safeconsumer.support.GroupProtocol#each";

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final CountDownLatch release = new CountDownLatch(1);

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldBufferNoMoreThanTwoPollsAndLetOtherPartitionsFlow(GroupProtocol protocol)
      throws Exception {
    String topic = Topics.create(brokers, "slow", 2);
    Clients.fill(brokers, topic, 2, 4_000);
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.partition() == 0) {
                release.await();
              }
            });
    try (WatchedConsumer consumer =
        new WatchedConsumer(brokers, group, journal, topic)
            .with(protocol.settings(0))
            .with("max.poll.records", POLLED_AT_ONCE)
            .concurrency(2)) {
      consumer.join();
      Set<Integer> ofHeld = new HashSet<>();
      Set<Integer> ofFlowing = new HashSet<>();
      await("the other partition flows past the held one")
          .atMost(SOON)
          .until(
              () -> {
                for (PartitionStatus one : consumer.status().partitions()) {
                  (one.partition().partition() == 0 ? ofHeld : ofFlowing).add(one.buffered());
                }
                return journal.finished().size() == 2_000;
              });
      PartitionStatus held = consumer.status().partitions().get(0);

      assertThat(ofHeld).allMatch(buffered -> buffered <= 3 * POLLED_AT_ONCE);
      assertThat(ofFlowing)
          .as("ten times as many where these get done at once")
          .allMatch(buffered -> buffered <= 21 * POLLED_AT_ONCE);
      assertThat(held.pauseReasons()).containsExactly(PauseReason.PARTITION_FULL);
      assertThat(held.buffered()).isGreaterThan(POLLED_AT_ONCE);
      assertThat(consumer.status().partitions().get(1).pauseReasons()).isEmpty();
      release.countDown();
      await("all flows once the handler does")
          .atMost(SOON)
          .until(() -> journal.finished().size() == 4_000);
      await()
          .atMost(SOON)
          .until(() -> consumer.status().partitions().get(0).pauseReasons().isEmpty());
    } finally {
      release.countDown();
    }
    assertThat(journal.duplicates()).isZero();
  }

  @Execution(ExecutionMode.SAME_THREAD)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldBoundTheBytesOfBigRecordsOverAllPartitions(GroupProtocol protocol) throws Exception {
    int partitions = 4;
    String topic =
        Topics.create(brokers, "big", partitions, Map.of("max.message.bytes", "2000000"));
    String megabyte = "x".repeat(1 << 20);
    int records = 160;
    try (Producer<String, String> producer = Clients.producer(brokers, 2_000_000)) {
      for (int i = 0; i < records; i++) {
        producer.send(new ProducerRecord<>(topic, i % partitions, null, megabyte));
      }
      producer.flush();
    }
    Journal<String> journal = Journal.noting(record -> "", (record, context) -> release.await());
    try (WatchedConsumer consumer =
        new WatchedConsumer(brokers, group, journal, topic)
            .with(protocol.settings(0))
            .with("max.poll.records", 10)
            .concurrency(partitions)) {
      consumer.join();
      await()
          .atMost(SOON)
          .until(
              () ->
                  consumer.status().partitions().stream()
                      .allMatch(p -> p.pauseReasons().contains(PauseReason.PARTITION_FULL)));
      long polls = consumer.clients().polls();
      await().atMost(SOON).until(() -> consumer.clients().polls() >= polls + 20);
      List<PartitionStatus> status = consumer.status().partitions();
      long bytes = status.stream().mapToLong(PartitionStatus::bufferedBytes).sum();

      assertThat(bytes)
          .as("64 MiB and one poll of 10 records")
          .isBetween(32L << 20, (64L + 10 + 1) << 20);
      release.countDown();
      await().atMost(SOON).until(() -> journal.finished().size() == records);
    } finally {
      release.countDown();
    }
    assertThat(journal.duplicates()).isZero();
  }
}
