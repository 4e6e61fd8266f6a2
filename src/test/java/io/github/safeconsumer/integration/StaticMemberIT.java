package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
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
import io.github.safeconsumer.support.MemberWatch;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One {@code group.instance.id} is one member, through every client that bears it. */
@Timeout(120)
class StaticMemberIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PARTITIONS = 2;
  private static final int RECORDS = 400;
  private static final String WITH_INSTANCE_ID =
      "io.github.safeconsumer.support.GroupProtocol#withInstanceId";

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "static", PARTITIONS);

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(WITH_INSTANCE_ID)
  void shouldKeepItsPlaceAndNotFenceItselfWhenItsClientIsReplaced(GroupProtocol protocol)
      throws Exception {
    Journal<String> journal =
        new Journal<>((record, context) -> Work.lasting(Duration.ofMillis(10)));
    try (Admin admin = Clients.admin(brokers);
        MemberWatch members = new MemberWatch(brokers, group);
        WatchedConsumer consumer = member(journal, protocol)) {
      Clients.fill(brokers, topic, PARTITIONS, RECORDS);
      consumer.join();
      for (int replaced = 1; replaced <= 3; replaced++) {
        int from = journal.finished().size();
        await().atMost(SOON).until(() -> journal.finished().size() >= from + 20);
        consumer
            .clients()
            .disturb(
                "poll",
                call -> {
                  consumer.clients().calm("poll");
                  throw new KafkaException("unexpected");
                });
        int clients = replaced + 1;
        await()
            .atMost(SOON)
            .until(
                () ->
                    consumer.clients().created() == clients
                        && consumer.active().size() == PARTITIONS);
      }
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == RECORDS);
      members.stop();

      assertThat(members.most()).as("members at once, " + members).isEqualTo(1);
      assertThat(members.memberIds().size())
          .as("ids of members: one for each client at most")
          .isLessThanOrEqualTo(4);
      assertThat(members.instanceIds()).containsExactly("member-0");
      assertThat(consumer.events(SafeConsumerEvent.Restarting.class)).hasSize(3);
      consumer.closeClean();
    }
    assertThat(journal.distinct()).isEqualTo(RECORDS);
    assertThat(journal.duplicates()).isZero();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldEndFailedAndNameTheInstanceIdWhenAnotherProcessTakesIt() throws Exception {
    Journal<String> journal =
        new Journal<>((record, context) -> Work.lasting(Duration.ofMillis(50)));
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer first = member(journal, GroupProtocol.STATIC)) {
      Clients.fill(brokers, topic, PARTITIONS, RECORDS);
      first.join();
      await().atMost(SOON).until(() -> journal.finished().size() >= 10);
      try (ChildJvm second = child(GroupProtocol.STATIC)) {
        CloseReport report = first.commands().closed().get(60, SECONDS);

        assertThat(report.state()).as(report.toString()).isEqualTo(State.FAILED);
        assertThat(first.health().reasons())
            .as("the remedy")
            .anyMatch(reason -> reason.contains("group.instance.id"));
        await("the other one goes on")
            .atMost(SOON)
            .until(() -> Consumers.committedInAll(admin, group) == RECORDS);
        assertAllDone(journal, second);
      }
    }
  }

  /** With KIP-848 the one who was there first stays: the broker lets the other wait. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(allowZeroInvocations = true) // the oldest client cannot do KIP-848
  @MethodSource("consumerProtocol")
  void shouldGoOnAndLetTheOtherWaitWhereTheBrokerRefusesASecondOne(GroupProtocol protocol)
      throws Exception {
    Journal<String> journal =
        new Journal<>((record, context) -> Work.lasting(Duration.ofMillis(50)));
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer first = member(journal, protocol)) {
      Clients.fill(brokers, topic, PARTITIONS, RECORDS);
      first.join();
      await().atMost(SOON).until(() -> journal.finished().size() >= 10);
      try (ChildJvm second = child(protocol)) {
        second.awaitLine("UnreleasedInstanceIdException", SOON);
        assertThat(first.status().state()).isEqualTo(State.RUNNING);
        assertThat(first.status().restarts()).isZero();
        first.suspend();
        await("the other one takes the place that was given up")
            .atMost(SOON)
            .until(() -> Consumers.committedInAll(admin, group) == RECORDS);
        assertAllDone(journal, second);
        assertThat(journal.finished()).as("records of the first").hasSizeLessThan(RECORDS);
      }
    }
    assertThat(journal.duplicates()).isZero();
  }

  static List<GroupProtocol> consumerProtocol() {
    return GroupProtocol.withInstanceId().stream().filter(protocol -> !protocol.classic()).toList();
  }

  private ChildJvm child(GroupProtocol protocol) {
    return ChildJvm.start(MemberMain.class, brokers, group, topic, protocol.name(), "300000");
  }

  private static void assertAllDone(Journal<String> journal, ChildJvm second) {
    Set<String> done = new HashSet<>();
    journal.finished().forEach(e -> done.add("done " + e.partition() + "@" + e.offset()));
    second.lines().stream().filter(line -> line.startsWith("done ")).forEach(done::add);
    assertThat(done).as("records done by one or the other").hasSize(RECORDS);
  }

  private WatchedConsumer member(Journal<String> journal, GroupProtocol protocol) {
    return new WatchedConsumer(brokers, group, journal, topic)
        .with(protocol.settings(0))
        .concurrency(PARTITIONS);
  }
}
