package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Door;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Threads;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A suspended consumer has given everything back, and goes on where it was. */
@Timeout(120)
class SuspendIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration WORK = Duration.ofMillis(2);
  private static final int PARTITIONS = 4;
  private static final String EACH = "io.github.safeconsumer.support.GroupProtocol#each";
  private static final String EVERY_ONE = "io.github.safeconsumer.support.GroupProtocol#everyOne";

  /** Clients from here on can take a static member out of its group; older ones have no way. */
  private static final int[] STATIC_LEAVES = {4, 1, 0};

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "suspend", PARTITIONS);

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EVERY_ONE)
  void shouldLeaveNoMemberNoThreadAndNoMemoryAndGoOnWhereItWas(GroupProtocol protocol)
      throws Exception {
    Journal<String> journal = new Journal<>((record, context) -> Work.lasting(WORK));
    String name = Topics.uniqueName("suspended");
    boolean leaves = leaves(protocol);
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer = consumer(journal, protocol)) {
      consumer.settings().name = name;
      consumer.with("client.id", name);
      Clients.fill(brokers, topic, PARTITIONS, 800);
      consumer.join();
      for (int round = 1; round <= 2; round++) {
        int from = journal.finished().size();
        await().atMost(SOON).until(() -> journal.finished().size() >= from + 40);
        Outcome outcome = consumer.commands().suspend().get(30, SECONDS);

        assertThat(outcome.applied()).as(outcome.toString()).isTrue();
        assertThat(outcome.reason()).contains(leaves ? "the group was left" : "static member");
        assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
        assertThat(consumer.clients().live()).as("clients that are not closed").isZero();
        assertThat(Consumers.members(admin, group))
            .as("members; a static one stays until its session ends where the client is too old")
            .isEqualTo(leaves ? 0 : 1);
        int started = journal.started().size();
        assertThat(journal.finished()).hasSize(started);
        assertThat(Consumers.committedInAll(admin, group))
            .as("everything done is committed")
            .isEqualTo(started);
        Threads.awaitNone(name, SOON);
        awaitNoClientInMemory(consumer);
        assertThat(consumer.clients().created()).isEqualTo(round);
        consumer.resume();
        assertThat(Consumers.members(admin, group)).isEqualTo(1);
      }
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 800);
      consumer.closeClean();
    }
    assertThat(journal.distinct()).isEqualTo(800);
    assertThat(journal.duplicates()).isZero();
    assertThat(journal.overlaps()).isEmpty();
  }

  private static boolean leaves(GroupProtocol protocol) {
    return !GroupProtocol.withInstanceId().contains(protocol)
        || GroupProtocol.clientIsAtLeast(STATIC_LEAVES);
  }

  private static void awaitNoClientInMemory(WatchedConsumer consumer) {
    await("the closed client is collected as garbage")
        .atMost(SOON)
        .until(
            () -> {
              System.gc();
              return consumer.clients().inMemory() == 0;
            });
  }

  static Stream<Arguments> resets() {
    List<String> policies = List.of("earliest", "latest", "none");
    List<GroupProtocol> protocols = GroupProtocol.each();
    return IntStream.range(0, policies.size())
        .mapToObj(i -> Arguments.of(protocols.get(i % protocols.size()), policies.get(i)));
  }

  /** Retention takes the offsets of a group without members after a week, by default. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("resets")
  void shouldGoOnWhereItWasThoughTheGroupForgotItsOffsets(GroupProtocol protocol, String policy)
      throws Exception {
    Journal<String> journal = Journal.noOp();
    try (Admin admin = Clients.admin(brokers);
        Operator operator = new Operator(brokers);
        WatchedConsumer consumer = consumer(journal, protocol).with("auto.offset.reset", policy)) {
      Clients.fill(brokers, topic, PARTITIONS, 80);
      for (int p = 0; p < PARTITIONS; p++) {
        operator.resetOffset(group, new TopicPartition(topic, p), 0);
      }
      consumer.join();
      await().atMost(SOON).until(() -> journal.finished().size() == 80);
      consumer.suspend();
      admin.deleteConsumerGroups(List.of(group)).all().get();
      Clients.fill(brokers, topic, PARTITIONS, 40);
      consumer.resume();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 120);

      assertThat(consumer.events(SafeConsumerEvent.OffsetReset.class))
          .as("each partition says where it goes on, and why")
          .hasSize(PARTITIONS)
          .allSatisfy(
              event -> {
                assertThat(event.position()).isEqualTo(20);
                assertThat(event.policy()).contains("the group has none any more");
              });
      consumer.closeClean();
    }
    assertThat(journal.distinct()).isEqualTo(120);
    assertThat(journal.duplicates()).isZero();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldBeSuspendedWhileItsClientIsBeingReplaced() throws Exception {
    Journal<String> journal = new Journal<>((record, context) -> Work.lasting(WORK));
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer = consumer(journal, GroupProtocol.EAGER)) {
      Clients.fill(brokers, topic, PARTITIONS, 400);
      consumer.join();
      await().atMost(SOON).until(() -> journal.finished().size() >= 40);
      consumer
          .clients()
          .disturb(
              "poll",
              call -> {
                throw new KafkaException("unexpected");
              });
      await().atMost(SOON).until(() -> consumer.status().state() == State.RESTARTING);
      consumer.suspend();
      int created = consumer.clients().created();
      consumer.clients().calm("poll");

      assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
      assertThat(Consumers.members(admin, group)).isZero();
      // Longer than the back-off of one second that was under way.
      await()
          .during(Duration.ofMillis(1_500))
          .atMost(SOON)
          .until(() -> consumer.clients().created() == created);
      consumer.resume();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 400);
      consumer.closeClean();
    }
    assertThat(journal.distinct()).isEqualTo(400);
    assertThat(journal.duplicates()).isZero();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldNameTheHandlerThatOutlivesTheDrainAndWaitForItBeforeItsPartitionStartsAgain(
      GroupProtocol protocol) throws Exception {
    Door door = new Door();
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.partition() == 1 && record.offset() == 3 && context.attempt() == 1) {
                door.pass();
              }
            });
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer =
            consumer(journal, protocol).drainTimeout(Duration.ofMillis(700))) {
      Clients.fill(brokers, topic, PARTITIONS, 40);
      consumer.join();
      await().atMost(SOON).until(() -> journal.finished().size() == 33);
      TopicPartition held = new TopicPartition(topic, 1);
      Outcome outcome = consumer.commands().suspend().get(30, SECONDS);

      assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
      assertThat(outcome.reason()).contains(topic + "-1@3").contains("worker");
      assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
      assertThat(Consumers.members(admin, group)).isZero();
      assertThat(Consumers.committed(admin, group)).containsEntry(held, 3L);
      assertThat(consumer.commands().suspend().get(30, SECONDS).reason())
          .as("asked again")
          .contains(topic + "-1@3");

      consumer.resume();
      Clients.fill(brokers, topic, PARTITIONS, 40);
      await().atMost(SOON).until(() -> journal.finished().size() == 33 + 30);
      assertThat(journal.started())
          .as("the partition whose handler is still inside")
          .filteredOn(entry -> entry.partition().equals(held))
          .hasSize(4);
      door.open();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 80);
      assertThat(journal.finished())
          .as("the late result was ignored, the record done again")
          .filteredOn(entry -> entry.partition().equals(held) && entry.offset() == 3)
          .hasSize(2);
      consumer.closeClean();
    } finally {
      door.open();
    }
    assertThat(journal.overlaps()).isEmpty();
    assertThat(journal.distinct()).isEqualTo(80);
    assertThat(journal.duplicates()).as("only the one that was cut off").isEqualTo(1);
  }

  private WatchedConsumer consumer(Journal<String> journal, GroupProtocol protocol) {
    return new WatchedConsumer(brokers, group, journal, topic)
        .with(protocol.settings(0))
        .concurrency(PARTITIONS);
  }
}
