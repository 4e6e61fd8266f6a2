package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedClients;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Between "assigned" and "records start": the committed offset is known, or nothing happens. */
@Timeout(90)
class AcquireIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String EACH = "io.github.safeconsumer.support.GroupProtocol#each";

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final Journal<String> journal = Journal.noOp();

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldLeaveTheCommittedOffsetAloneWhenClosedBeforeItWasRead(GroupProtocol protocol)
      throws Exception {
    String topic = Topics.create(brokers, "acquire", 2);
    Map<TopicPartition, Long> before = handleAndCommit(topic, protocol);

    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer unanswered =
            new WatchedConsumer(brokers, group, journal, topic).with(protocol.settings(0))) {
      unanswered.clients().disturb("committed", call -> noAnswer());
      unanswered.begin();
      awaitAcquiring(unanswered, 2);
      unanswered.closeClean();

      assertThat(unanswered.clients().commits()).isEmpty();
      assertThat(Consumers.committed(admin, group)).isEqualTo(before);
    }
    assertThat(journal.finished()).hasSize(20);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldLeaveTheCommittedOffsetAloneWhenRevokedBeforeItWasRead(GroupProtocol protocol)
      throws Exception {
    String topic = Topics.create(brokers, "acquire", 2);
    Map<TopicPartition, Long> before = handleAndCommit(topic, protocol);

    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer unanswered =
            new WatchedConsumer(brokers, group, journal, topic).with(protocol.settings(0));
        WatchedConsumer other =
            new WatchedConsumer(brokers, group, journal, topic).with(protocol.settings(1))) {
      unanswered.clients().disturb("committed", call -> noAnswer());
      unanswered.begin();
      awaitAcquiring(unanswered, 2);
      other.join();
      await().atMost(SOON).until(() -> other.active().size() == 1);

      assertThat(unanswered.clients().commits()).isEmpty();
      assertThat(Consumers.committed(admin, group)).isEqualTo(before);
    }
    assertThat(journal.finished()).hasSize(20);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldKeepMembershipAndStartNothingWhileTheCommittedOffsetIsUnanswered(
      GroupProtocol protocol) throws Exception {
    String topic = Topics.create(brokers, "acquire", 2);
    handleAndCommit(topic, protocol);
    Clients.fill(brokers, topic, 2, 10);

    try (WatchedConsumer consumer =
        new WatchedConsumer(brokers, group, journal, topic)
            .with(protocol.settings(0))
            .with("max.poll.interval.ms", 3_000)) {
      consumer.clients().disturb("committed", AcquireIT::noAnswerForAsLongAsGranted);
      consumer.begin();
      awaitAcquiring(consumer, 2);
      long since = System.nanoTime();
      await()
          .atMost(SOON)
          .until(() -> System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(7_000));
      assertThat(journal.finished()).hasSize(20);
      consumer.clients().calm("committed");
      await().atMost(SOON).until(() -> journal.finished().size() >= 30);

      assertThat(consumer.clients().longestPollGap()).isLessThan(Duration.ofMillis(1_500));
      assertThat(consumer.clients().created()).isEqualTo(1);
      assertThat(consumer.events(SafeConsumerEvent.PartitionsLost.class)).isEmpty();
      assertThat(consumer.events(SafeConsumerEvent.PartitionsAssigned.class)).hasSize(1);
    }
    assertThat(journal.duplicates()).isZero();
  }

  /** 20 records, all handled and committed by a member that left. */
  private Map<TopicPartition, Long> handleAndCommit(String topic, GroupProtocol protocol)
      throws Exception {
    Clients.fill(brokers, topic, 2, 20);
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer first =
            new WatchedConsumer(brokers, group, journal, topic).with(protocol.settings(0))) {
      first.join();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 20);
      first.closeClean();
      return Consumers.committed(admin, group);
    }
  }

  private static Object noAnswer() {
    throw new TimeoutException("no answer");
  }

  private static Object noAnswerForAsLongAsGranted(WatchedClients.Call call) {
    Work.lasting((Duration) call.argument(1));
    return noAnswer();
  }

  private static void awaitAcquiring(WatchedConsumer consumer, int partitions) {
    await()
        .atMost(SOON)
        .until(
            () ->
                consumer.status().partitions().stream()
                        .filter(p -> p.pauseReasons().contains(PauseReason.ACQUIRE))
                        .count()
                    == partitions);
  }
}
