package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedClients;
import io.github.safeconsumer.support.WatchedClients.Disturbance;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the Kafka client throws, at whichever call: the consumer heals and nothing is lost. */
@Timeout(90)
class ClientFailureIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final int RECORDS = 200;

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "failing", 2);

  /** A call, and what it throws so many times; whether that needs a new client. */
  static Stream<Arguments> whileStarting() {
    return Stream.of(
        failing(
            "new",
            1,
            "ConfigException",
            () -> new ConfigException("No resolvable bootstrap urls given"),
            false),
        failing(
            "new",
            1,
            "KafkaException",
            () -> new KafkaException("Failed to construct kafka consumer"),
            false),
        failing("subscribe", 1, "KafkaException", () -> new KafkaException("unexpected"), true),
        failing("committed", 3, "TimeoutException", () -> new TimeoutException("no answer"), false),
        failing("committed", 1, "KafkaException", () -> new KafkaException("unexpected"), true),
        failing(
            "beginningOffsets",
            3,
            "TimeoutException",
            () -> new TimeoutException("no answer"),
            false),
        failing(
            "seek",
            1,
            "IllegalStateException",
            () -> new IllegalStateException("No current assignment"),
            true),
        failing(
            "pause",
            1,
            "IllegalStateException",
            () -> new IllegalStateException("No current assignment"),
            true),
        failing(
            "resume",
            1,
            "IllegalStateException",
            () -> new IllegalStateException("No current assignment"),
            true),
        failing(
            "onPartitionsAssigned",
            1,
            "IllegalStateException",
            () -> new IllegalStateException("callback"),
            true));
  }

  static Stream<Arguments> whileRunning() {
    return Stream.of(
        failing("poll", 3, "DisconnectException", () -> new DisconnectException("passing"), false),
        failing("poll", 1, "WakeupException", WakeupException::new, false),
        failing(
            "poll", 1, "InterruptException", () -> new InterruptException("interrupted"), false),
        failing("poll", 1, "KafkaException", () -> new KafkaException("unexpected"), true),
        failing(
            "poll",
            2,
            "IllegalArgumentException",
            () -> new IllegalArgumentException("unexpected"),
            true),
        failing(
            "poll", 1, "NoClassDefFoundError", () -> new NoClassDefFoundError("an Error"), true),
        failing("commitAsync", 1, "KafkaException", () -> new KafkaException("unexpected"), true),
        failing("position", 2, "TimeoutException", () -> new TimeoutException("no answer"), false),
        failing(
            "currentLag",
            100,
            "IllegalStateException",
            () -> new IllegalStateException("No current assignment"),
            false),
        failing(
            "groupMetadata", 1, "KafkaException", () -> new KafkaException("unexpected"), true));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @MethodSource("whileStarting")
  void shouldHealFromAFailureWhileStarting(
      String name, String method, Disturbance failure, boolean replaced) throws Exception {
    try (WatchedConsumer consumer = consumer(new Journal<>((record, context) -> {}))) {
      consumer.clients().disturb(method, failure);
      Clients.fill(brokers, topic, 2, RECORDS);
      consumer.begin();
      assertHealed(consumer, replaced);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @MethodSource("whileRunning")
  void shouldHealFromAFailureWhileRunning(
      String name, String method, Disturbance failure, boolean replaced) throws Exception {
    Journal<String> journal =
        new Journal<>((record, context) -> Work.lasting(Duration.ofMillis(20)));
    try (WatchedConsumer consumer = consumer(journal)) {
      Clients.fill(brokers, topic, 2, RECORDS);
      consumer.join();
      await().atMost(SOON).until(() -> journal.finished().size() >= 20);
      consumer.clients().disturb(method, failure);
      assertHealed(consumer, replaced);
    }
    assertThat(journal.distinct()).isEqualTo(RECORDS);
    assertThat(journal.duplicates())
        .as("what was done is committed before the client goes")
        .isZero();
    assertThat(journal.overlaps()).isEmpty();
  }

  private void assertHealed(WatchedConsumer consumer, boolean replaced) {
    try (Admin admin = Clients.admin(brokers)) {
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == RECORDS);
    }
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(consumer.health())
                    .isEqualTo(new Health(Health.Level.UP, Health.Level.UP, List.of())));
    assertThat(consumer.status().partitions())
        .hasSize(2)
        .allSatisfy(partition -> assertThat(partition.pauseReasons()).isEmpty());
    assertThat(consumer.clients().created() > 1).as("a new client").isEqualTo(replaced);
    assertThat(consumer.events(SafeConsumerEvent.Restarting.class))
        .as("a new client is never silent")
        .hasSize((int) consumer.status().restarts())
        .hasSizeGreaterThanOrEqualTo(consumer.clients().created() - 1);
    consumer.closeClean();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldKeepACommitPendingAndNotHurryItWhileItFails(boolean retriable) throws Exception {
    Journal<String> journal = Journal.noOp();
    AtomicInteger refused = new AtomicInteger();
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer = consumer(journal)) {
      consumer.join();
      awaitTakeover(consumer);
      consumer
          .clients()
          .disturb(
              "commitAsync",
              call -> {
                refused.incrementAndGet();
                Exception failure =
                    retriable
                        ? new RetriableCommitFailedException("coordinator away")
                        : new CommitFailedException("not a member");
                ((OffsetCommitCallback) call.argument(1)).onComplete(offsets(call), failure);
                return null;
              });
      Clients.fill(brokers, topic, 2, 20);
      await().atMost(SOON).until(() -> journal.finished().size() == 20);
      int before = refused.get();
      long since = System.nanoTime();
      await().atMost(SOON).until(() -> refused.get() >= before + 10);
      assertThat(Duration.ofNanos(System.nanoTime() - since))
          .as("time that 10 commits took, at most 5 a second")
          .isGreaterThan(Duration.ofMillis(1_500));
      assertThat(consumer.events(SafeConsumerEvent.CommitFailed.class)).hasSize(1);
      assertThat(consumer.health().reasons()).anyMatch(reason -> reason.contains("commit"));
      consumer.clients().calm("commitAsync");
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 20);
      consumer.closeClean();
    }
    assertThat(journal.duplicates()).isZero();
  }

  static Stream<Arguments> lastCommits() {
    return Stream.of(
        Arguments.of("TimeoutException", always(() -> new TimeoutException("no answer"))),
        Arguments.of("CommitFailedException", always(CommitFailedException::new)),
        Arguments.of("RebalanceInProgress", always(() -> new RebalanceInProgressException("join"))),
        Arguments.of("KafkaException", always(() -> new KafkaException("unexpected"))));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @MethodSource("lastCommits")
  void shouldSayThatTheLastCommitFailedAndRepeatRatherThanLose(String name, Disturbance failure)
      throws Exception {
    Journal<String> journal = Journal.noOp();
    try (WatchedConsumer consumer = consumer(journal)) {
      consumer.join();
      awaitTakeover(consumer);
      consumer.clients().disturb("commitAsync", call -> null); // sent, and never answered
      consumer.clients().disturb("commitSync", failure);
      Clients.fill(brokers, topic, 2, 20);
      await().atMost(SOON).until(() -> journal.finished().size() == 20);
      CloseReport report = consumer.commands().close(Duration.ofSeconds(10));

      assertThat(report.clean()).isFalse();
      assertThat(report.state()).isEqualTo(State.CLOSED);
      assertThat(consumer.events(SafeConsumerEvent.CommitFailed.class)).isNotEmpty();
    }
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer next = consumer(journal)) {
      next.join();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 20);
      assertThat(journal.finished()).hasSize(40);
    }
  }

  /** Nothing starts before the takeover is committed: only commits after that are to fail. */
  private static void awaitTakeover(WatchedConsumer consumer) {
    await()
        .atMost(SOON)
        .until(
            () ->
                consumer.status().partitions().size() == 2
                    && consumer.status().partitions().stream()
                        .allMatch(partition -> partition.committed().isPresent()));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldGoOnWithANewClientThoughTheOldOneFailsToClose() throws Exception {
    Journal<String> journal =
        new Journal<>((record, context) -> Work.lasting(Duration.ofMillis(10)));
    try (WatchedConsumer consumer = consumer(journal)) {
      Clients.fill(brokers, topic, 2, RECORDS);
      consumer.join();
      await().atMost(SOON).until(() -> journal.finished().size() >= 20);
      consumer
          .clients()
          .disturb(
              "close",
              call -> {
                consumer.clients().calm("close");
                call.proceed();
                throw new KafkaException("Failed to close kafka consumer");
              });
      consumer.clients().disturb("poll", times(1, () -> new KafkaException("unexpected")));
      assertHealed(consumer, true);
    }
    assertThat(journal.duplicates()).isZero();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReturnFromCloseWithinItsBoundThoughTheClientHangs() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    try (WatchedConsumer consumer = consumer(Journal.noOp())) {
      consumer
          .clients()
          .disturb(
              "close",
              call -> {
                letGo.await();
                return call.proceed();
              });
      consumer.join();
      long since = System.nanoTime();
      CloseReport report = consumer.commands().close(Duration.ofSeconds(2));

      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(4));
      assertThat(report.clean()).isFalse();
      assertThat(report.state()).isEqualTo(State.CLOSING);
      assertThat(report.stillRunning())
          .anySatisfy(
              one -> {
                assertThat(one.what()).isEqualTo("the loop");
                assertThat(one.stack()).anyMatch(f -> f.getMethodName().contains("lambda"));
              });
      letGo.countDown();
    } finally {
      letGo.countDown();
    }
  }

  private WatchedConsumer consumer(Journal<String> journal) {
    return new WatchedConsumer(brokers, group, journal, topic).concurrency(2);
  }

  private static Arguments failing(
      String method, int times, String name, Supplier<Throwable> failure, boolean replaced) {
    return Arguments.of(
        "%s throws %s %d times".formatted(method, name, times),
        method,
        times(times, failure),
        replaced);
  }

  private static Disturbance always(Supplier<Throwable> failure) {
    return times(Integer.MAX_VALUE, failure);
  }

  private static Disturbance times(int times, Supplier<Throwable> failure) {
    AtomicInteger left = new AtomicInteger(times);
    return call -> {
      if (left.getAndDecrement() > 0) {
        throw failure.get();
      }
      return call.proceed();
    };
  }

  @SuppressWarnings("unchecked") // what Kafka's method takes
  private static Map<TopicPartition, OffsetAndMetadata> offsets(WatchedClients.Call call) {
    return (Map<TopicPartition, OffsetAndMetadata>) call.argument(0);
  }
}
