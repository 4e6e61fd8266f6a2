package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.OffsetReset;
import io.github.safeconsumer.SafeConsumerEvent.PositionReset;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A topic that is deleted and created again is another log: none of it was read, however far the
 * old one was.
 */
class RecreatedTopicIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KAFKA = SharedKafka.bootstrapServers();

  private final Operator operator = new Operator(KAFKA);
  private final EventLog events = new EventLog();
  private String topic;
  private String group;
  private TopicPartition partition;

  @BeforeEach
  void createTopic() {
    topic = Topics.create(KAFKA, "recreated", 1);
    group = Topics.uniqueName("group");
    partition = new TopicPartition(topic, 0);
  }

  @AfterEach
  void close() {
    operator.close();
  }

  /** Paused, the client does not notice: the new log reaches past its position before it looks. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#names")
  void shouldReadTheWholeNewLogThoughItGrewPastTheOldPositionUnnoticed(String protocol)
      throws Exception {
    Journal<String> journal = Journal.noOp();
    produce("old", 30);
    try (SafeConsumer<String, String> consumer =
        consumer(journal, protocol, Duration.ofMinutes(5))) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 30);
      consumer.pause().get(5, SECONDS);
      // So long that no fetch is under way any more, which would tell of the deletion.
      await().pollDelay(Duration.ofMillis(500)).until(() -> true);

      operator.delete(topic);
      Topics.createNamed(KAFKA, topic, 1, Map.of());
      produce("new", 80);
      consumer.resume().get(30, SECONDS);

      awaitWholeNewLog(journal);
      assertThat(events.of(PositionReset.class).size() + events.of(OffsetReset.class).size())
          .as("a jump is never silent: %s", events.all())
          .isGreaterThanOrEqualTo(2); // the first is the start of the group
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#names")
  void shouldReadTheWholeNewLogWhileItIsConsuming(String protocol) throws Exception {
    Journal<String> journal = Journal.noOp();
    produce("old", 30);
    try (SafeConsumer<String, String> consumer = consumer(journal, protocol)) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 30);

      operator.delete(topic);
      Topics.createNamed(KAFKA, topic, 1, Map.of());
      produce("new", 80);

      awaitWholeNewLog(journal);
      assertThat(events.of(PositionReset.class).size() + events.of(OffsetReset.class).size())
          .as("a jump is never silent: %s", events.all())
          .isGreaterThanOrEqualTo(2);
    }
  }

  /**
   * The attempt on a record of the old log ends when the new log is there: its offset must not be
   * taken for progress in the new one.
   */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#names")
  void shouldNotCountWhatWasDoneOfTheOldLogAsDoneOfTheNew(String protocol) throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.value().equals("old-20")) {
                entered.countDown();
                release.await();
              }
            });
    produce("old", 30);
    try (SafeConsumer<String, String> consumer = consumer(journal, protocol)) {
      consumer.start().get(30, SECONDS);
      assertThat(entered.await(30, SECONDS)).isTrue();

      operator.delete(topic);
      // Long enough for the member to hear of it and to begin with giving the partition up.
      await()
          .pollDelay(Duration.ofSeconds(2))
          .atMost(SOON)
          .until(() -> !operator.topics().contains(topic));
      Topics.createNamed(KAFKA, topic, 1, Map.of());
      produce("new", 80);
      release.countDown();

      awaitWholeNewLog(journal);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReadTheWholeNewLogWhenItWasRecreatedWhileStopped() throws Exception {
    Journal<String> first = Journal.noOp();
    produce("old", 30);
    try (SafeConsumer<String, String> consumer = consumer(first, "classic")) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 30);
    }

    operator.delete(topic);
    Topics.createNamed(KAFKA, topic, 1, Map.of());
    produce("new", 80);

    Journal<String> second = Journal.noOp();
    try (SafeConsumer<String, String> consumer = consumer(second, "classic")) {
      consumer.start().get(30, SECONDS);
      awaitWholeNewLog(second);
    }
  }

  /** A deleted topic must not hold up the commits of the others. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldGoOnCommittingOtherTopicsWhenOneIsDeletedForGood() throws Exception {
    String other = Topics.create(KAFKA, "other", 1);
    produce("old", 30);
    Journal<String> journal = Journal.noOp();
    try (SafeConsumer<String, String> consumer =
        Consumers.strings(KAFKA, group, topic, journal)
            .topics(topic, other)
            .kafka("metadata.max.age.ms", 500)
            .listener(events)
            .build()) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 30);

      operator.delete(topic);
      Clients.produce(KAFKA, other, "a", "b", "c");

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> operator.committed(group, new TopicPartition(other, 0)) == 3);
    }
  }

  private void awaitWholeNewLog(Journal<String> journal) {
    Set<String> wanted = Set.copyOf(values("new", 80));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        journal.finished().stream()
                            .map(e -> (String) e.value())
                            .collect(Collectors.toSet()))
                    .as("of the new log: %s", events.all())
                    .containsAll(wanted));
    await().atMost(SOON).until(() -> operator.committed(group, partition) == 80);
  }

  private SafeConsumer<String, String> consumer(
      RecordHandler<String, String> handler, String protocol) {
    return consumer(handler, protocol, Duration.ofMillis(500));
  }

  private SafeConsumer<String, String> consumer(
      RecordHandler<String, String> handler, String protocol, Duration metadataAge) {
    return Consumers.strings(KAFKA, group, topic, handler)
        .kafka("group.protocol", protocol)
        .kafka("metadata.max.age.ms", metadataAge.toMillis())
        .kafka("fetch.max.wait.ms", 50)
        .listener(events)
        .build();
  }

  private void produce(String prefix, int count) {
    Clients.produce(KAFKA, topic, values(prefix, count).toArray(String[]::new));
  }

  private static List<String> values(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
  }
}
