package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Members come and go, by every group protocol. */
@Timeout(90)
class RebalanceIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Duration WORK = Duration.ofMillis(20);
  private static final int PARTITIONS = 4;
  private static final String ALL = "io.github.safeconsumer.support.GroupProtocol#all";
  private static final String INCREMENTAL =
      "io.github.safeconsumer.support.GroupProtocol#incremental";
  private static final String WITH_INSTANCE_ID =
      "io.github.safeconsumer.support.GroupProtocol#withInstanceId";

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "rebalance", PARTITIONS);
  private final List<TopicPartition> partitions =
      IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
  private int produced;

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(ALL)
  void shouldLoseAndRepeatNothingWhenMembersJoinAndLeave(GroupProtocol protocol) throws Exception {
    Journal<String> journal = new Journal<>((record, context) -> Work.lasting(WORK));
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer first = member(protocol, 0, journal);
        WatchedConsumer second = member(protocol, 1, journal);
        WatchedConsumer third = member(protocol, 2, journal)) {
      produce(200);
      first.join();
      await().atMost(SOON).until(() -> journal.finished().size() >= 20);
      second.join();
      await().atMost(SOON).until(() -> first.active().size() == 2 && second.active().size() == 2);
      produce(200);
      third.join();
      await().atMost(SOON).until(() -> !third.active().isEmpty());
      produce(100);
      first.closeClean();
      await().atMost(SOON).until(() -> second.active().size() == 2 && third.active().size() == 2);
      produce(100);
      second.closeClean();
      await().atMost(SOON).until(() -> third.active().size() == PARTITIONS);
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == produced);
      third.closeClean();
    }
    assertThat(journal.distinct()).as("records handled").isEqualTo(produced);
    assertThat(journal.duplicates()).as("records handled again").isZero();
    assertThat(journal.overlaps()).as("records of one partition handled at once").isEmpty();
    for (TopicPartition partition : partitions) {
      assertThat(journal.started())
          .filteredOn(entry -> entry.partition().equals(partition))
          .extracting(Journal.Entry::offset)
          .as("order of " + partition)
          .isSorted();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(ALL)
  void shouldStartNothingWhilePausedThoughMembersJoinAndLeave(GroupProtocol protocol)
      throws Exception {
    Journal<String> paused = new Journal<>((record, context) -> Work.lasting(WORK));
    Journal<String> other = new Journal<>((record, context) -> Work.lasting(WORK));
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer first = member(protocol, 0, paused);
        WatchedConsumer second = member(protocol, 1, other)) {
      produce(200);
      first.join();
      await().atMost(SOON).until(() -> paused.finished().size() >= 20);
      first.pause();
      int started = paused.started().size();
      second.join();
      await().atMost(SOON).until(() -> other.finished().size() >= 20);
      second.closeClean();
      await().atMost(SOON).until(() -> first.active().size() == PARTITIONS);
      awaitTurns(first);

      assertThat(paused.started()).as("records started while paused").hasSize(started);
      assertThat(first.status().state()).isEqualTo(State.PAUSED);
      assertThat(first.status().partitions())
          .as("nothing is fetched while paused, whatever was assigned anew")
          .allSatisfy(partition -> assertThat(partition.buffered()).isLessThan(200));
      first.resume();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == produced);
    }
    assertThat(paused.duplicates() + other.duplicates()).isZero();
    assertThat(paused.distinct() + other.distinct()).isEqualTo(produced);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(ALL)
  void shouldKeepSomePartitionsPausedThoughTheyMoveBetweenMembers(GroupProtocol protocol)
      throws Exception {
    Journal<String> journal = new Journal<>((record, context) -> Work.lasting(WORK));
    List<TopicPartition> held = partitions.subList(0, 2);
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer first = member(protocol, 0, journal);
        WatchedConsumer second = member(protocol, 1, journal)) {
      first.begin();
      first.pause(held);
      second.begin();
      second.pause(held);
      produce(200);
      await().atMost(SOON).until(() -> first.active().size() == 2 && second.active().size() == 2);
      second.closeClean();
      await().atMost(SOON).until(() -> first.active().size() == PARTITIONS);
      await().atMost(SOON).until(() -> journal.finished().size() == 100);
      awaitTurns(first);

      assertThat(journal.started())
          .as("records of paused partitions")
          .noneMatch(entry -> held.contains(entry.partition()));
      first.resume(held);
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == produced);
    }
    assertThat(journal.duplicates()).isZero();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(INCREMENTAL)
  void shouldFlowAgainWhenResumeMeetsARebalance(GroupProtocol protocol) throws Exception {
    Journal<String> journal = Journal.noOp();
    try (WatchedConsumer first = member(protocol, 0, journal);
        WatchedConsumer second = member(protocol, 1, Journal.noOp())) {
      first.join();
      second.join();
      await().atMost(SOON).until(() -> first.active().size() == 2 && second.active().size() == 2);
      Set<TopicPartition> kept = first.active();
      first.pause(kept);
      awaitTurns(first);
      // The partitions kept are paused at the client, and released in the middle of a rebalance.
      first
          .clients()
          .disturb(
              "onPartitionsAssigned",
              call -> {
                first.clients().calm("onPartitionsAssigned");
                first.commands().resume(kept);
                return call.proceed();
              });
      second.closeClean();
      await().atMost(SOON).until(() -> first.active().size() == PARTITIONS);
      produce(40);
      await("records of the partitions that were resumed")
          .atMost(Duration.ofSeconds(10))
          .until(() -> journal.finished().size() == 40);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(INCREMENTAL)
  void shouldKeepRetainedPartitionsWorkingWhileOthersAreHandedOver(GroupProtocol protocol)
      throws Exception {
    Set<TopicPartition> leaving = ConcurrentHashMap.newKeySet();
    CountDownLatch release = new CountDownLatch(1);
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              TopicPartition partition = new TopicPartition(record.topic(), record.partition());
              Work.lasting(WORK);
              while (leaving.contains(partition) && release.getCount() > 0) {
                Work.lasting(Duration.ofMillis(5));
              }
            });
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer first = member(protocol, 0, journal);
        WatchedConsumer second = member(protocol, 1, journal)) {
      produce(800);
      first
          .clients()
          .disturb(
              "onPartitionsRevoked",
              call -> {
                leaving.addAll(revoked(call.argument(0)));
                return call.proceed();
              });
      first.join();
      await().atMost(SOON).until(() -> journal.finished().size() >= 20);
      second.begin();
      await().atMost(SOON).until(() -> leaving.size() == 2);
      int before = retained(journal, leaving);
      await("retained partitions go on while others drain")
          .atMost(SOON)
          .until(() -> retained(journal, leaving) >= before + 20);
      assertThat(first.events(SafeConsumerEvent.PartitionsRevoked.class)).isEmpty();
      release.countDown();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == produced);
    }
    assertThat(journal.duplicates()).isZero();
    assertThat(journal.overlaps()).isEmpty();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(WITH_INSTANCE_ID)
  void shouldRestartAStaticMemberWithoutTroublingTheOthers(GroupProtocol protocol)
      throws Exception {
    Journal<String> journal = new Journal<>((record, context) -> Work.lasting(WORK));
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer stays = member(protocol, 0, journal);
        WatchedConsumer leaves = member(protocol, 1, journal);
        WatchedConsumer comesBack = member(protocol, 1, journal)) {
      stays.join();
      leaves.join();
      await().atMost(SOON).until(() -> stays.active().size() == 2 && leaves.active().size() == 2);
      Set<TopicPartition> own = leaves.active();
      long rebalances = stays.status().rebalances();
      produce(200);
      await().atMost(SOON).until(() -> journal.finished().size() >= 20);
      leaves.closeClean();
      comesBack.join();
      await().atMost(SOON).until(() -> comesBack.active().equals(own));
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == produced);

      assertThat(stays.status().rebalances()).isEqualTo(rebalances);
      assertThat(stays.events(SafeConsumerEvent.PartitionsRevoked.class)).hasSizeLessThan(2);
    }
    assertThat(journal.duplicates()).isZero();
    assertThat(journal.distinct()).isEqualTo(produced);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldCloseWithinItsBoundThoughARebalanceWaitsForASlowHandler() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Journal<String> stuck =
        new Journal<>(
            (record, context) -> {
              while (release.getCount() > 0) {
                Work.lasting(Duration.ofMillis(20));
              }
            });
    try (WatchedConsumer first =
            member(GroupProtocol.EAGER, 0, stuck).drainTimeout(Duration.ofSeconds(60));
        WatchedConsumer second = member(GroupProtocol.EAGER, 1, Journal.noOp())) {
      CountDownLatch draining = new CountDownLatch(1);
      first
          .clients()
          .disturb(
              "onPartitionsRevoked",
              call -> {
                draining.countDown();
                return call.proceed();
              });
      first.join();
      produce(4);
      await().atMost(SOON).until(() -> stuck.started().size() == PARTITIONS);
      second.begin();
      draining.await();
      Instant asked = Instant.now();
      CloseReport report = first.commands().close(Duration.ofSeconds(8));

      assertThat(report.state())
          .as("the loop ended within the bound: " + report)
          .isEqualTo(State.CLOSED);
      assertThat(first.events(SafeConsumerEvent.PartitionsRevoked.class).get(0).at())
          .as("time is kept back to commit and to leave the group")
          .isBefore(asked.plusSeconds(6));
      assertThat(report.clean()).isFalse();
      assertThat(report.stillRunning()).hasSize(PARTITIONS);
    } finally {
      release.countDown();
    }
  }

  private WatchedConsumer member(GroupProtocol protocol, int number, Journal<String> journal) {
    WatchedConsumer member =
        new WatchedConsumer(brokers, group, journal, topic)
            .with(protocol.settings(number))
            .concurrency(PARTITIONS);
    member.settings().name = group + "-" + number;
    return member;
  }

  private void produce(int records) {
    Clients.fill(brokers, topic, PARTITIONS, records);
    produced += records;
  }

  /** Ten turns later whatever could leak has leaked. */
  private static void awaitTurns(WatchedConsumer consumer) {
    long from = consumer.clients().polls();
    await().atMost(SOON).until(() -> consumer.clients().polls() >= from + 10);
  }

  private static int retained(Journal<String> journal, Set<TopicPartition> leaving) {
    return (int)
        journal.finished().stream().filter(entry -> !leaving.contains(entry.partition())).count();
  }

  @SuppressWarnings("unchecked") // what Kafka's listener is given
  private static Collection<TopicPartition> revoked(Object argument) {
    return (Collection<TopicPartition>) argument;
  }
}
