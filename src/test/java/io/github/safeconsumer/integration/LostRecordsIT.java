package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.PositionReset;
import io.github.safeconsumer.SafeConsumerEvent.RecordsLost;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Retention that overtakes the consumer is reported to the record: handled and reported lost
 * together are all there was.
 */
class LostRecordsIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String KAFKA = SharedKafka.bootstrapServers();

  private final Operator operator = new Operator(KAFKA);
  private final EventLog events = new EventLog();
  private String topic;
  private String group;
  private TopicPartition partition;

  @BeforeEach
  void createTopic() {
    topic = Topics.create(KAFKA, "lost", 1);
    group = Topics.uniqueName("group");
    partition = new TopicPartition(topic, 0);
  }

  @AfterEach
  void close() {
    operator.close();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#names")
  void shouldReportExactlyWhatRetentionTookWhileStopped(String protocol) throws Exception {
    produce(100);
    operator.resetOffset(group, partition, 20);
    operator.deleteRecords(partition, 60);
    Journal<String> journal = Journal.noOp();

    try (SafeConsumer<String, String> consumer = consumer(protocol, journal)) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 100);
      await().atMost(SOON).until(() -> !events.of(RecordsLost.class).isEmpty());
    }
    assertLost(20, 60);
    assertThat(offsets(journal)).isEqualTo(range(60, 100));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#names")
  void shouldReportExactlyWhatRetentionTookWhilePaused(String protocol) throws Exception {
    produce(20);
    Journal<String> journal = Journal.noOp();

    try (SafeConsumer<String, String> consumer = consumer(protocol, journal)) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 20);
      consumer.pause().get(5, SECONDS);
      // A fetch can be under way; what it brings is not lost.
      await().atMost(SOON).until(() -> !consumer.status().pauseReasons().isEmpty());
      produce(80);
      operator.deleteRecords(partition, 60);
      consumer.resume().get(30, SECONDS);

      await().atMost(SOON).until(() -> operator.committed(group, partition) == 100);
    }
    assertHandledAndLostAreAll(journal);
    assertThat(events.of(RecordsLost.class)).hasSize(1);
  }

  /** The handler is slow, the buffer full: retention takes what was not fetched yet. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReportExactlyWhatRetentionTookWhileRunning() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Journal<String> journal = new Journal<>((record, context) -> release.await());
    produce(100);

    try (SafeConsumer<String, String> consumer =
        Consumers.strings(KAFKA, group, topic, journal)
            .kafka("max.poll.records", 5)
            .kafka("fetch.max.bytes", 1)
            .kafka("max.partition.fetch.bytes", 1)
            .listener(events)
            .build()) {
      consumer.start().get(30, SECONDS);
      await()
          .atMost(SOON)
          .until(
              () ->
                  consumer.status().partitions().stream()
                      .anyMatch(p -> !p.pauseReasons().isEmpty() && p.buffered() >= 9));
      operator.deleteRecords(partition, 60);
      release.countDown();

      await().atMost(SOON).until(() -> operator.committed(group, partition) == 100);
    }
    assertHandledAndLostAreAll(journal);
    assertThat(events.of(RecordsLost.class)).hasSize(1);
  }

  /** All that was left is gone, and nothing came since: the lag must end at 0 all the same. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldCommitTheEndWhenRetentionTookEverything() throws Exception {
    produce(50);
    operator.resetOffset(group, partition, 10);
    operator.deleteRecords(partition, 50);

    try (SafeConsumer<String, String> consumer = consumer("classic", Journal.noOp())) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 50);
      await().atMost(SOON).until(() -> !events.of(RecordsLost.class).isEmpty());
    }
    assertLost(10, 50);
  }

  /** Committed beyond the end: the log is another one, or was cut back. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReadFromTheBeginningAndSaySoWhenTheCommittedOffsetIsBeyondTheEnd() throws Exception {
    produce(10);
    operator.resetOffset(group, partition, 500);
    Journal<String> journal = Journal.noOp();

    try (SafeConsumer<String, String> consumer = consumer("classic", journal)) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 10);
      await().atMost(SOON).until(() -> !events.of(PositionReset.class).isEmpty());
    }
    assertThat(offsets(journal)).isEqualTo(range(0, 10));
    assertThat(events.of(PositionReset.class))
        .singleElement()
        .satisfies(
            reset -> {
              assertThat(reset.from()).isEqualTo(500);
              assertThat(reset.to()).isZero();
            });
  }

  private void assertLost(long from, long to) {
    assertThat(events.of(RecordsLost.class))
        .singleElement()
        .satisfies(
            lost -> {
              assertThat(lost.partition()).isEqualTo(partition);
              assertThat(lost.from()).isEqualTo(from);
              assertThat(lost.to()).isEqualTo(to);
              assertThat(lost.count()).isEqualTo(to - from);
            });
  }

  private void assertHandledAndLostAreAll(Journal<String> journal) {
    Set<Long> handled = offsets(journal);
    Set<Long> lost =
        events.of(RecordsLost.class).stream()
            .flatMap(l -> range(l.from(), l.to()).stream())
            .collect(Collectors.toSet());
    assertThat(lost).as("lost and handled").doesNotContainAnyElementsOf(handled);
    handled.addAll(lost);
    assertThat(handled).isEqualTo(range(0, 100));
    assertThat(journal.duplicates()).isZero();
  }

  private SafeConsumer<String, String> consumer(
      String protocol, RecordHandler<String, String> handler) {
    return Consumers.strings(KAFKA, group, topic, handler)
        .kafka("group.protocol", protocol)
        .listener(events)
        .build();
  }

  private static Set<Long> offsets(Journal<String> journal) {
    return journal.finished().stream().map(Journal.Entry::offset).collect(Collectors.toSet());
  }

  private static Set<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().collect(Collectors.toSet());
  }

  private void produce(int count) {
    Clients.produce(
        KAFKA, topic, IntStream.range(0, count).mapToObj(i -> "v" + i).toArray(String[]::new));
  }
}
