package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.ChildJvm;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A member that the group expelled while it stood still must not undo what others did since. */
@Timeout(120)
class ExpulsionIT {
  private static final Duration SOON = Duration.ofSeconds(40);

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");

  /**
   * The protocol, the poll interval, and the event by which the member says what happened. With
   * {@code -Dsafeconsumer.long=true} cooperative members, too.
   */
  static Stream<Arguments> frozen() {
    boolean all = Boolean.getBoolean("safeconsumer.long");
    return (all ? GroupProtocol.dynamic() : GroupProtocol.each())
        .stream()
            .flatMap(
                protocol ->
                    protocol.classic()
                        ? Stream.of(Arguments.of(protocol, 300_000, "Fenced"))
                        : Stream.of(
                            Arguments.of(protocol, 5_000, "Fenced"),
                            // Shorter than any bound the client knows; only the broker can tell.
                            Arguments.of(protocol, 300_000, "PartitionsLost")));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("frozen")
  void shouldCommitNothingStaleWhenFrozenPastItsSessionAndThawed(
      GroupProtocol protocol, int maxPollIntervalMs, String event) throws Exception {
    String topic = Topics.create(brokers, "frozen", 2);
    Clients.fill(brokers, topic, 2, 300);
    Journal<String> journal = new Journal<>((record, context) -> Work.lasting(MemberMain.WORK));
    Offsets offsets = new Offsets(group);
    try (Admin admin = Clients.admin(brokers);
        ChildJvm child =
            ChildJvm.start(
                MemberMain.class,
                brokers,
                group,
                topic,
                protocol.name(),
                String.valueOf(maxPollIntervalMs));
        WatchedConsumer other =
            new WatchedConsumer(brokers, group, journal, topic)
                .with(protocol.settings(1))
                .concurrency(2)) {
      child.awaitLine("done", SOON);
      other.join();
      await().atMost(SOON).until(() -> !other.active().isEmpty());
      child.freeze();
      await("expelled").atMost(SOON).until(() -> other.active().size() == 2);
      await()
          .atMost(SOON)
          .until(() -> offsets.neverBack(admin) && Consumers.committedInAll(admin, group) == 300);
      child.thaw();
      child.awaitLine(event, SOON);
      await("shared again")
          .atMost(SOON)
          .until(() -> offsets.neverBack(admin) && other.active().size() == 1);
      Clients.fill(brokers, topic, 2, 40);
      await()
          .atMost(SOON)
          .until(() -> offsets.neverBack(admin) && Consumers.committedInAll(admin, group) == 340);

      Set<String> done = new HashSet<>(done(child));
      journal.finished().forEach(e -> done.add(e.partition() + "@" + e.offset()));
      assertThat(done).as("records done by one or the other").hasSize(340);
      assertThat(done(child)).filteredOn(line -> afterThaw(line)).as("works on").isNotEmpty();
      assertThat(other.events(SafeConsumerEvent.PartitionsLost.class)).isEmpty();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#each")
  void shouldCommitNothingAfterAStallOfTheLoopThoughTheBrokerWouldTakeIt(GroupProtocol protocol)
      throws Exception {
    String topic = Topics.create(brokers, "stall", 1);
    TopicPartition partition = new TopicPartition(topic, 0);
    CountDownLatch finish = new CountDownLatch(1);
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicReference<Thread> inside = new AtomicReference<>();
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.offset() == 50) {
                inside.set(Thread.currentThread());
                finish.await();
              }
            });
    Offsets offsets = new Offsets(group);
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer =
            new WatchedConsumer(brokers, group, journal, topic)
                .with(protocol.settings(0))
                .with("max.poll.interval.ms", 3_000)) {
      Clients.fill(brokers, topic, 1, 50);
      consumer.join();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 50);
      consumer
          .clients()
          .disturb(
              "poll",
              call -> {
                ConsumerRecords<?, ?> records = (ConsumerRecords<?, ?>) call.proceed();
                if (inside.get() != null && goOn.getCount() > 0) {
                  stalled.countDown();
                  goOn.await(); // after the real poll: so the next call could well be a commit
                }
                return records;
              });
      Clients.fill(brokers, topic, 1, 20);
      stalled.await();
      // While the loop stands still, its records are done, the group forgets the member, and
      // another
      // one handles, commits and leaves: the group is empty when the loop goes on.
      finish.countDown();
      await().atMost(SOON).until(() -> journal.finished().size() >= 51);
      await("expelled").atMost(SOON).until(() -> members(admin) == 0);
      admin
          .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(100)))
          .all()
          .get();
      int commits = consumer.clients().commits().size();
      long assignments = consumer.clients().assignments();
      Clients.fill(brokers, topic, 1, 60);
      assertThat(offsets.neverBack(admin)).isTrue();
      goOn.countDown();
      await()
          .atMost(SOON)
          .until(() -> offsets.neverBack(admin) && Consumers.committedInAll(admin, group) == 130);

      assertThat(consumer.clients().assignments()).isGreaterThan(assignments);
      assertThat(consumer.clients().commits().subList(commits, consumer.clients().commits().size()))
          .as("commits after the stall")
          .allSatisfy(
              commit -> assertThat(commit.offsets().get(partition)).isGreaterThanOrEqualTo(100));
      assertThat(consumer.events(SafeConsumerEvent.Fenced.class))
          .singleElement()
          .satisfies(event -> assertThat(event.stall()).isGreaterThan(Duration.ofSeconds(3)));
      assertThat(journal.started())
          .as("records that another member had done")
          .noneMatch(entry -> entry.offset() >= 70 && entry.offset() < 100);
    } finally {
      finish.countDown();
      goOn.countDown();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#each")
  void shouldCommitNothingWhenTheLoopStallsWhileItHandsOver(GroupProtocol protocol)
      throws Exception {
    String topic = Topics.create(brokers, "stall", 1);
    TopicPartition partition = new TopicPartition(topic, 0);
    CountDownLatch finish = new CountDownLatch(1);
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.offset() == 50) {
                finish.await();
              }
            });
    Offsets offsets = new Offsets(group);
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer =
            new WatchedConsumer(brokers, group, journal, topic)
                .with(protocol.settings(0))
                .with("max.poll.interval.ms", 3_000)) {
      Clients.fill(brokers, topic, 1, 51);
      consumer.join();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 50);
      CompletableFuture<CloseReport> closed =
          consumer.commands().closeAsync(Duration.ofSeconds(20));
      await().atMost(SOON).until(() -> consumer.status().state() == State.CLOSING);
      int commits = consumer.clients().commits().size();
      consumer.whenTheLoopReadsTheClock(
          () -> {
            stalled.countDown();
            awaitFreely(goOn);
          });
      stalled.await();
      finish.countDown();
      await("expelled").atMost(SOON).until(() -> members(admin) == 0);
      admin
          .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(100)))
          .all()
          .get();
      assertThat(offsets.neverBack(admin)).isTrue();
      goOn.countDown();
      CloseReport report = closed.get(30, TimeUnit.SECONDS);

      assertThat(offsets.neverBack(admin)).isTrue();
      assertThat(report.clean()).as("not all that was done was committed").isFalse();
      assertThat(consumer.clients().commits()).hasSize(commits);
      assertThat(consumer.events(SafeConsumerEvent.PartitionsLost.class)).hasSize(1);
    } finally {
      finish.countDown();
      goOn.countDown();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldCommitNothingForAHeartbeatAfterAShortStallOfTheProcess() throws Exception {
    String topic = Topics.create(brokers, "short", 1);
    Journal<String> journal = Journal.noOp();
    Duration heartbeat = Duration.ofSeconds(3);
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer =
            new WatchedConsumer(brokers, group, journal, topic)
                .with("heartbeat.interval.ms", heartbeat.toMillis())
                .with("session.timeout.ms", 30_000)) {
      Clients.fill(brokers, topic, 1, 10);
      consumer.join();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 10);
      int commits = consumer.clients().commits().size();
      long stall = System.nanoTime();
      consumer.jump(Duration.ofSeconds(10));
      Clients.fill(brokers, topic, 1, 10);
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 20);

      assertThat(consumer.clients().commits().subList(commits, commits + 1))
          .allSatisfy(
              commit ->
                  assertThat(Duration.ofNanos(commit.nanos() - stall))
                      .as("an expulsion is heard of within a heartbeat")
                      .isGreaterThanOrEqualTo(heartbeat));
      assertThat(consumer.events(SafeConsumerEvent.Fenced.class)).isEmpty();
      assertThat(consumer.clients().created()).isEqualTo(1);
    }
    assertThat(journal.duplicates()).isZero();
  }

  private static void awaitFreely(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private int members(Admin admin) throws Exception {
    return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().size();
  }

  private static boolean afterThaw(String line) {
    return Long.parseLong(line.substring(line.lastIndexOf('@') + 1)) >= 150;
  }

  private static List<String> done(ChildJvm child) {
    List<String> done = new ArrayList<>();
    for (String line : child.lines()) {
      if (line.startsWith("done ")) {
        done.add(line.substring("done ".length()));
      }
    }
    return done;
  }

  /** Committed offsets as they were seen over time. */
  private static final class Offsets {
    private final String group;
    private Map<TopicPartition, Long> before = Map.of();

    Offsets(String group) {
      this.group = group;
    }

    /** True, or the test fails: no offset went back since the last look. */
    boolean neverBack(Admin admin) throws ExecutionException {
      Map<TopicPartition, Long> now = Consumers.committed(admin, group);
      before.forEach(
          (partition, offset) ->
              assertThat(now.getOrDefault(partition, 0L))
                  .as("committed offset of " + partition)
                  .isGreaterThanOrEqualTo(offset));
      before = now;
      return true;
    }
  }
}
