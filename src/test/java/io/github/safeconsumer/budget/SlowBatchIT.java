package io.github.safeconsumer.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.internal.config.SettingsFactory;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A batch of 500 would take a minute: batches get so small that each ends within the drain
 * time-out, and a member that joins takes over nothing that is handled twice.
 */
@Timeout(180)
class SlowBatchIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration OF_A_RECORD = Duration.ofMillis(120);
  private static final int INTERVAL_MS = 6_000;
  private static final int PARTITIONS = 4;

  /** So few that a batch of them is no danger before anything was observed. */
  private static final int FIRST = 5 * PARTITIONS;

  private static final int RECORDS = 360;

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "batch", PARTITIONS);
  private final Handled handled = new Handled(Ordering.PARTITION);
  private final Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
  private final List<WatchedConsumer> members = new ArrayList<>();

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSizeBatchesByTheDeclaredLatencyFromTheFirstOneOn() throws Exception {
    Load.fill(brokers, topic, PARTITIONS, FIRST + RECORDS);
    WatchedConsumer first = member();
    declare(first);
    first.begin();
    handOverInTheMiddle(first);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSizeBatchesByTheLatencyObserved() throws Exception {
    Load.fill(brokers, topic, PARTITIONS, FIRST);
    WatchedConsumer first = member();
    first.begin();
    await().atMost(SOON).until(() -> handled.finished() == FIRST);
    Load.fill(brokers, topic, PARTITIONS, RECORDS);
    handOverInTheMiddle(first);
  }

  /** A full batch would outlast the drain: build() wants to hear that this is known. */
  private static void declare(WatchedConsumer member) {
    member.settings().expectedLatency = OF_A_RECORD;
    member.settings().longRunning = true;
  }

  private void handOverInTheMiddle(WatchedConsumer first) throws Exception {
    try (Admin admin = Clients.admin(brokers)) {
      await().atMost(SOON).until(() -> handled.finished() >= FIRST + RECORDS / 4);
      WatchedConsumer sibling = member();
      declare(sibling);
      sibling.join();
      await().atMost(SOON).until(() -> !sibling.active().isEmpty());
      await().atMost(SOON).until(() -> handled.finished() >= FIRST + RECORDS * 2 / 3);
      sibling.closeClean();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == FIRST + RECORDS);
      first.closeClean();
    } finally {
      members.forEach(WatchedConsumer::close);
    }
    check(first);
  }

  private void check(WatchedConsumer first) {
    Duration drain = SettingsFactory.create(first.settings()).drainTimeout();
    int most = sizes.stream().mapToInt(size -> size).max().orElse(0);
    System.out.printf(
        "FIGURES batches of up to 500 records of %d ms each, drain time-out %d ms, %s: sizes %s;"
            + " handled again %d%n",
        OF_A_RECORD.toMillis(),
        drain.toMillis(),
        first.settings().expectedLatency == null ? "observed" : "declared",
        sizes,
        handled.duplicates());
    members.forEach(
        member -> assertThat(Troubles.in(member.events())).as("expulsions, overrun").isEmpty());
    assertThat(handled.distinct()).isEqualTo(FIRST + RECORDS);
    assertThat(handled.duplicates()).as("records handled again").isZero();
    assertThat(handled.disorder()).isEmpty();
    assertThat(most).as("records of a batch").isBetween(2, (int) drain.dividedBy(OF_A_RECORD));
  }

  private WatchedConsumer member() {
    WatchedConsumer member =
        new WatchedConsumer(brokers, group, null, topic)
            .with("max.poll.interval.ms", INTERVAL_MS)
            .with("heartbeat.interval.ms", 300)
            .concurrency(PARTITIONS);
    member.settings().batchHandler = BatchHandler.of((records, context) -> handle(records));
    member.settings().batchPolicy = BatchPolicy.of(500);
    members.add(member);
    return member;
  }

  private void handle(List<ConsumerRecord<String, String>> records) {
    sizes.add(records.size());
    records.forEach(record -> handled.work(record, OF_A_RECORD));
  }
}
