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
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Neither the handler's time nor a pause costs the membership.
 *
 * <p>The first test is the scenario of the issue (500 records of 120 ms, polled at once, against a
 * poll interval of 6 s) cut down to 14 s; {@code -Dsafeconsumer.long=true} runs it in full.
 */
@Timeout(180)
class PollIntervalIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Duration WORK = Duration.ofMillis(120);
  private static final String EACH = "io.github.safeconsumer.support.GroupProtocol#each";

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldNeverLoseMembershipThoughOnePollHoldsMoreWorkThanThePollInterval(
      GroupProtocol protocol) throws Exception {
    boolean full = Boolean.getBoolean("safeconsumer.long");
    int records = full ? 500 : 120;
    int intervalMs = full ? 6_000 : 3_000;
    String topic = Topics.create(brokers, "slow", 1);
    Clients.fill(brokers, topic, 1, records);
    Journal<String> journal = new Journal<>((record, context) -> Work.lasting(WORK));
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer =
            new WatchedConsumer(brokers, group, journal, topic)
                .with(protocol.settings(0))
                .with("max.poll.interval.ms", intervalMs)
                .with("max.poll.records", 500)) {
      consumer.join();
      Set<String> members = new HashSet<>();
      long since = System.nanoTime();
      int generation = consumer.status().generation();
      await()
          .atMost(Duration.ofSeconds(150))
          .until(
              () -> {
                members.addAll(members(admin));
                return Consumers.committedInAll(admin, group) == records;
              });
      Duration took = Duration.ofNanos(System.nanoTime() - since);

      assertThat(members).as("member ids that the broker gave out").hasSize(1);
      assertThat(consumer.status().generation()).isEqualTo(generation);
      assertThat(consumer.events(SafeConsumerEvent.PartitionsAssigned.class)).hasSize(1);
      assertThat(consumer.events(SafeConsumerEvent.PartitionsRevoked.class)).isEmpty();
      assertThat(consumer.events(SafeConsumerEvent.PartitionsLost.class)).isEmpty();
      assertThat(consumer.events(SafeConsumerEvent.CommitFailed.class)).isEmpty();
      System.out.printf(
          "%s: %d records x %d ms with max.poll.interval.ms=%d took %.1f s; %d assignment,"
              + " longest time between polls %d ms, %d commits%n",
          protocol,
          records,
          WORK.toMillis(),
          intervalMs,
          took.toMillis() / 1000.0,
          consumer.clients().assignments(),
          consumer.clients().longestPollGap().toMillis(),
          consumer.clients().commits().size());
      consumer.closeClean();
    }
    assertThat(journal.distinct()).isEqualTo(records);
    assertThat(journal.duplicates()).isZero();
  }

  @Execution(ExecutionMode.SAME_THREAD)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldKeepMembershipAndBurnNoProcessorWhilePausedWithFetchedData(GroupProtocol protocol)
      throws Exception {
    String topic = Topics.create(brokers, "paused", 2);
    Clients.fill(brokers, topic, 2, 20_000);
    Journal<String> journal =
        new Journal<>((record, context) -> Work.lasting(Duration.ofMillis(1)));
    try (WatchedConsumer consumer =
        new WatchedConsumer(brokers, group, journal, topic)
            .with(protocol.settings(0))
            .with("max.poll.interval.ms", 3_000)
            .with("max.poll.records", 20)) {
      consumer.join();
      // Far more is fetched than polled, so the client holds data of what is paused.
      await().atMost(SOON).until(() -> journal.finished().size() >= 100);
      consumer.pause();
      int started = journal.started().size();
      Thread loop = consumer.clients().user();
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long since = System.nanoTime();
      long polls = consumer.clients().polls();
      long cpu = threads.getThreadCpuTime(loop.getId());
      await()
          .atMost(SOON)
          .until(() -> System.nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(7_000));
      long used = TimeUnit.NANOSECONDS.toMillis(threads.getThreadCpuTime(loop.getId()) - cpu);
      long polled = consumer.clients().polls() - polls;

      assertThat(used).as("ms of processor time of the loop in 7 s of pause").isLessThan(700);
      assertThat(polled).as("polls in 7 s of pause").isBetween(20L, 200L);
      assertThat(journal.started()).hasSize(started);
      assertThat(consumer.events(SafeConsumerEvent.PartitionsLost.class)).isEmpty();
      consumer.resume();
      await().atMost(SOON).until(() -> journal.started().size() > started);
      assertThat(consumer.events(SafeConsumerEvent.PartitionsAssigned.class)).hasSize(1);
      assertThat(consumer.clients().created()).isEqualTo(1);
    }
  }

  @Execution(ExecutionMode.SAME_THREAD)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldBurnNoProcessorWhileOnePartitionIsPausedWithFetchedDataAndTheOtherIsIdle(
      GroupProtocol protocol) throws Exception {
    String topic = Topics.create(brokers, "paused", 2);
    TopicPartition paused = new TopicPartition(topic, 0);
    Clients.fill(brokers, topic, 1, 5_000); // into partition 0
    Journal<String> journal =
        new Journal<>((record, context) -> Work.lasting(Duration.ofMillis(1)));
    try (WatchedConsumer consumer =
        new WatchedConsumer(brokers, group, journal, topic)
            .with(protocol.settings(0))
            .with("max.poll.records", 20)) {
      consumer.join();
      await().atMost(SOON).until(() -> journal.finished().size() >= 100);
      consumer.pause(List.of(paused));
      Thread loop = consumer.clients().user();
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long since = System.nanoTime();
      long cpu = threads.getThreadCpuTime(loop.getId());
      await()
          .atMost(SOON)
          .until(() -> System.nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(3_000));
      long used = TimeUnit.NANOSECONDS.toMillis(threads.getThreadCpuTime(loop.getId()) - cpu);

      assertThat(used).as("ms of processor time of the loop in 3 s").isLessThan(300);
    }
  }

  private Set<String> members(Admin admin) throws Exception {
    Set<String> ids = new HashSet<>();
    for (MemberDescription member :
        admin.describeConsumerGroups(List.of(group)).all().get().get(group).members()) {
      ids.add(member.consumerId());
    }
    return ids;
  }
}
