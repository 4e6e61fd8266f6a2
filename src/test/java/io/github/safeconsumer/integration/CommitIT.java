package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is done is committed: soon, but not more often than it helps, and nothing else is. */
@Timeout(90)
class CommitIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String EACH = "io.github.safeconsumer.support.GroupProtocol#each";

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldCommitAtOnceWhenIdleAndThenNoMore(GroupProtocol protocol) throws Exception {
    String topic = Topics.create(brokers, "commit", 1);
    Journal<String> journal = Journal.noOp();
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer =
            new WatchedConsumer(brokers, group, journal, topic).with(protocol.settings(0))) {
      consumer.join();
      for (int i = 1; i <= 5; i++) {
        int records = i;
        Clients.produce(brokers, topic, "v");
        await().atMost(SOON).until(() -> journal.finished().size() == records);
        long since = System.nanoTime();
        await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == records);
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(5));
      }
      int commits = consumer.clients().commits().size();
      long polls = consumer.clients().polls();
      await().atMost(SOON).until(() -> consumer.clients().polls() >= polls + 20);

      assertThat(consumer.clients().commits()).hasSize(commits);
      consumer.closeClean();
      assertThat(consumer.clients().commits())
          .as("at close nothing but the note that it is closed")
          .hasSize(commits + 1);
      assertThat(consumer.status().commits()).isEqualTo(commits + 1);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldCommitNoMoreThanFiveTimesASecondUnderLoad(GroupProtocol protocol) throws Exception {
    String topic = Topics.create(brokers, "commit", 4);
    Clients.fill(brokers, topic, 4, 2_000);
    Journal<String> journal =
        new Journal<>((record, context) -> Work.lasting(Duration.ofMillis(5)));
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer =
            new WatchedConsumer(brokers, group, journal, topic)
                .with(protocol.settings(0))
                .concurrency(4)) {
      long since = System.nanoTime();
      consumer.join();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 2_000);
      double seconds = (System.nanoTime() - since) / 1e9;

      assertThat(consumer.clients().commits())
          .as("commits in " + seconds + " s")
          .hasSizeBetween(3, (int) (5 * seconds) + 5);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldNotLetADeletedTopicHoldUpTheOthers(GroupProtocol protocol) throws Exception {
    String deleted = Topics.create(brokers, "deleted", 1);
    String stays = Topics.create(brokers, "stays", 1);
    CountDownLatch gone = new CountDownLatch(1);
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.topic().equals(deleted)) {
                gone.await();
              } else {
                Work.lasting(Duration.ofMillis(10));
              }
            });
    TopicPartition other = new TopicPartition(stays, 0);
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer =
            new WatchedConsumer(brokers, group, journal, deleted, stays)
                .with(protocol.settings(0))
                .with("metadata.max.age.ms", 1_000)
                .with("max.poll.interval.ms", 12_000)
                .concurrency(2)) {
      Clients.fill(brokers, deleted, 1, 3);
      Clients.fill(brokers, stays, 1, 100);
      consumer.join();
      await().atMost(SOON).until(() -> journal.started().size() >= 20);
      await().atMost(SOON).until(() -> journal.started().stream().anyMatch(e -> at(e, deleted)));
      admin.deleteTopics(List.of(deleted)).all().get();
      gone.countDown();
      Clients.fill(brokers, stays, 1, 500);
      await()
          .atMost(SOON)
          .until(() -> Consumers.committed(admin, group).getOrDefault(other, 0L) == 600);
      await().atMost(SOON).until(() -> consumer.active().equals(Set.of(other)));

      assertThat(consumer.clients().longestPollGap())
          .as("the loop turned all the time, but for one bounded commit")
          .isLessThan(Duration.ofSeconds(5));
      assertThat(consumer.events(SafeConsumerEvent.PartitionsLost.class)).isEmpty();
    }
    assertThat(journal.duplicates()).isZero();
  }

  private static boolean at(Journal.Entry entry, String topic) {
    return entry.partition().topic().equals(topic);
  }
}
