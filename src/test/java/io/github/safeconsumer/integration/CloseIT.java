package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.State;
import io.github.safeconsumer.localkafka.LocalKafka;
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
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a consumer is ended: in time, without loss or repetition, and it says what is left. */
@Timeout(120)
class CloseIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String EACH = "io.github.safeconsumer.support.GroupProtocol#each";

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldLoseAndRepeatNothingWhenTerminatedUnderLoadAndStartedAgain(GroupProtocol protocol)
      throws Exception {
    String topic = Topics.create(brokers, "term", 4);
    Clients.fill(brokers, topic, 4, 400);
    List<String> done;
    try (ChildJvm child = member(topic, protocol)) {
      await().atMost(SOON).until(() -> done(child).size() >= 30);
      child.stop();
      child.awaitExit(SOON);
      done = done(child);
    }
    assertThat(done).hasSizeLessThan(400);
    try (Admin admin = Clients.admin(brokers);
        ChildJvm again = member(topic, protocol)) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(Consumers.committed(admin, group).values())
                      .as(() -> String.join("\n", again.lines()))
                      .containsOnly(100L));
      await().atMost(SOON).until(() -> done(again).size() >= 400 - done.size());
      done.addAll(done(again));
    }
    assertThat(done).as("each record done once").hasSize(400).doesNotHaveDuplicates();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReturnAtOnceFromCloseInsideAHandlerAndStillClose() throws Exception {
    String topic = Topics.create(brokers, "close", 1);
    Clients.fill(brokers, topic, 1, 10);
    AtomicReference<WatchedConsumer> self = new AtomicReference<>();
    AtomicReference<CloseReport> inside = new AtomicReference<>();
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.offset() == 3) {
                inside.set(self.get().commands().close(Duration.ofSeconds(20)));
              }
            });
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer = new WatchedConsumer(brokers, group, journal, topic)) {
      self.set(consumer);
      consumer.begin();
      CloseReport report = consumer.commands().closed().get(30, TimeUnit.SECONDS);

      assertThat(report.clean()).as(report.toString()).isTrue();
      assertThat(inside.get().state()).isEqualTo(State.CLOSING);
      assertThat(journal.finished()).as("the record that closed is done, none after it").hasSize(4);
      assertThat(Consumers.committedInAll(admin, group)).isEqualTo(4);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReturnAtOnceFromCloseInsideAListenerAndStillClose() throws Exception {
    String topic = Topics.create(brokers, "close", 1);
    AtomicReference<CloseReport> inside = new AtomicReference<>();
    WatchedConsumer consumer = new WatchedConsumer(brokers, group, Journal.noOp(), topic);
    consumer.settings().listener =
        event -> {
          if (inside.get() == null) {
            inside.set(consumer.commands().close(Duration.ofSeconds(20)));
          }
        };
    try (consumer) {
      consumer.begin();
      CloseReport report = consumer.commands().closed().get(30, TimeUnit.SECONDS);

      assertThat(report.clean()).as(report.toString()).isTrue();
      assertThat(inside.get().state()).isEqualTo(State.CLOSING);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReturnAtOnceFromCloseInsideAnAssignmentCallbackAndStillClose() throws Exception {
    String topic = Topics.create(brokers, "close", 1);
    AtomicReference<WatchedConsumer> self = new AtomicReference<>();
    RecordHandler<String, String> handler =
        new RecordHandler<>() {
          @Override
          public void handle(ConsumerRecord<String, String> record, RecordContext context) {}

          @Override
          public void onAssigned(Collection<TopicPartition> partitions) {
            self.get().commands().close(Duration.ofSeconds(20));
          }
        };
    try (WatchedConsumer consumer = new WatchedConsumer(brokers, group, handler, topic)) {
      self.set(consumer);
      consumer.begin();
      CloseReport report = consumer.commands().closed().get(30, TimeUnit.SECONDS);
      assertThat(report.clean()).as(report.toString()).isTrue();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldNameTheHungRecordItsThreadAndItsStackWithinTheBound(GroupProtocol protocol)
      throws Exception {
    String topic = Topics.create(brokers, "hung", 2);
    Clients.fill(brokers, topic, 2, 10);
    CountDownLatch release = new CountDownLatch(1);
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.partition() == 0 && record.offset() == 2) {
                hangIgnoringInterrupts(release);
              }
            });
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer =
            new WatchedConsumer(brokers, group, journal, topic)
                .with(protocol.settings(0))
                .concurrency(2)) {
      consumer.join();
      await().atMost(SOON).until(() -> journal.finished().size() == 7);
      long since = System.nanoTime();
      CloseReport report = consumer.commands().close(Duration.ofSeconds(5));

      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofMillis(5_500));
      assertThat(report.clean()).isFalse();
      assertThat(report.state()).isEqualTo(State.CLOSED);
      assertThat(report.stillRunning())
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.what()).isEqualTo(topic + "-0@2");
                assertThat(one.thread()).contains("worker");
                assertThat(one.stack())
                    .anyMatch(f -> f.getMethodName().equals("hangIgnoringInterrupts"));
              });
      release.countDown();
      assertThat(Consumers.committed(admin, group))
          .as("what was done is committed, the hung record is not")
          .containsEntry(new TopicPartition(topic, 0), 2L)
          .containsEntry(new TopicPartition(topic, 1), 5L);
    } finally {
      release.countDown();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(EACH)
  void shouldLeaveNoThreadAfterACleanClose(GroupProtocol protocol) throws Exception {
    String topic = Topics.create(brokers, "close", 4);
    Clients.fill(brokers, topic, 4, 200);
    Journal<String> journal = Journal.noOp();
    String name = Topics.uniqueName("threads");
    try (WatchedConsumer consumer =
        new WatchedConsumer(brokers, group, journal, topic)
            .with(protocol.settings(0))
            .concurrency(4)) {
      consumer.settings().name = name;
      consumer.settings().kafka.put("client.id", name);
      consumer.join();
      await().atMost(SOON).until(() -> journal.finished().size() == 200);
      assertThat(threadsOf(name)).isNotEmpty();
      consumer.closeClean();
    }
    // The thread that completes the futures of the caller is the last to go.
    await().atMost(SOON).untilAsserted(() -> assertThat(threadsOf(name)).isEmpty());
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldEndTheLoopWithinTheBoundThoughTheBrokerIsSilentAndAHandlerHangs() throws Exception {
    CountDownLatch finish = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.partition() == 0) {
                finish.await();
              } else {
                hangIgnoringInterrupts(release);
              }
            });
    try (LocalKafka own = LocalKafka.start(1)) {
      String topic = Topics.create(own.bootstrapServers(), "silent", 2);
      Clients.fill(own.bootstrapServers(), topic, 2, 2);
      try (WatchedConsumer consumer =
          new WatchedConsumer(own.bootstrapServers(), group, journal, topic).concurrency(2)) {
        consumer.join();
        await().atMost(SOON).until(() -> journal.started().size() == 2);
        own.freeze(0);
        finish.countDown(); // so there is something to commit
        await().atMost(SOON).until(() -> journal.finished().size() == 1);
        long since = System.nanoTime();
        CloseReport report = consumer.commands().close(Duration.ofSeconds(8));

        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(9));
        assertThat(report.state()).as(report.toString()).isEqualTo(State.CLOSED);
        assertThat(report.clean()).isFalse();
        assertThat(report.stillRunning())
            .extracting(CloseReport.StillRunning::what)
            .contains(topic + "-1@0");
      } finally {
        release.countDown();
        own.thaw(0);
      }
    } finally {
      release.countDown();
      finish.countDown();
    }
  }

  private ChildJvm member(String topic, GroupProtocol protocol) {
    return ChildJvm.start(MemberMain.class, brokers, group, topic, protocol.name(), "300000");
  }

  private static List<String> done(ChildJvm child) {
    return new ArrayList<>(
        child.lines().stream().filter(line -> line.startsWith("done ")).toList());
  }

  private static List<String> threadsOf(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(thread -> thread.contains(name))
        .toList();
  }

  private static void hangIgnoringInterrupts(CountDownLatch release) {
    while (release.getCount() > 0) {
      Work.lasting(Duration.ofMillis(20));
    }
  }
}
