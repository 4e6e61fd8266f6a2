package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.OffsetReset;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Where reading starts: what is committed, else what {@code auto.offset.reset} says, told aloud.
 */
class StartingPositionIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String KAFKA = SharedKafka.bootstrapServers();

  private final Operator operator = new Operator(KAFKA);
  private final EventLog events = new EventLog();
  private final Journal<String> journal = Journal.noOp();
  private String topic;
  private String group;
  private TopicPartition partition;

  @BeforeEach
  void createTopic() {
    topic = Topics.create(KAFKA, "start", 1);
    group = Topics.uniqueName("group");
    partition = new TopicPartition(topic, 0);
  }

  @AfterEach
  void close() {
    operator.close();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReadFromTheBeginningAndSaySoWhenNoResetPolicyIsSet() throws Exception {
    produce(10);
    try (SafeConsumer<String, String> consumer =
        SafeConsumer.<String, String>builder()
            .kafka("bootstrap.servers", KAFKA)
            .kafka("group.id", group)
            .topics(topic)
            .keyDeserializer(StringDeserializer::new)
            .valueDeserializer(StringDeserializer::new)
            .deadLetter(DeadLetterPolicy.none())
            .handler(journal)
            .listener(events)
            .build()) {
      start(consumer);
      await().atMost(SOON).until(() -> journal.distinct() == 10);
      await().atMost(SOON).until(() -> !events.of(OffsetReset.class).isEmpty());
    }
    assertThat(events.of(OffsetReset.class))
        .singleElement()
        .satisfies(
            reset -> {
              assertThat(reset.partition()).isEqualTo(partition);
              assertThat(reset.policy()).contains("earliest").contains("not set");
              assertThat(reset.position()).isZero();
            });
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldLoseNothingWhenStoppedBeforeTheFirstRecordAfterTheLatestOffset() throws Exception {
    produce(10);
    try (SafeConsumer<String, String> consumer = consumer("latest", journal)) {
      start(consumer);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 10);
    }
    produce(5);

    try (SafeConsumer<String, String> consumer = consumer("latest", journal)) {
      start(consumer);
      await().atMost(SOON).until(() -> journal.distinct() == 5);
    }
    assertThat(journal.finished()).extracting(Journal.Entry::offset).first().isEqualTo(10L);
    assertThat(events.of(OffsetReset.class))
        .as("only the first start had no offset")
        .singleElement()
        .extracting(OffsetReset::position)
        .isEqualTo(10L);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReadWhatIsYoungerThanTheDuration() throws Exception {
    if (!GroupProtocol.clientIsAtLeast(4, 0, 0)) {
      assertThatThrownBy(() -> consumer("by_duration:PT1H", journal))
          .as("what this client cannot do is refused")
          .hasMessageContaining("auto.offset.reset");
      return;
    }
    long now = System.currentTimeMillis();
    try (Producer<String, String> producer = Clients.producer(KAFKA)) {
      for (int i = 0; i < 10; i++) {
        long age = i < 6 ? Duration.ofHours(2).toMillis() : 0;
        Future<?> sent =
            producer.send(new ProducerRecord<>(topic, 0, now - age + i, null, "v" + i));
        sent.get(30, SECONDS);
      }
    }
    try (SafeConsumer<String, String> consumer = consumer("by_duration:PT1H", journal)) {
      start(consumer);
      await().atMost(SOON).until(() -> journal.distinct() == 4);
    }
    assertThat(journal.finished()).extracting(Journal.Entry::offset).first().isEqualTo(6L);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldFailWithTheReasonWhenThereIsNoOffsetAndThePolicyIsNone() throws Exception {
    produce(3);
    try (SafeConsumer<String, String> consumer = consumer("none", journal)) {
      Outcome start = consumer.start().get(30, SECONDS);
      CloseReport report = consumer.closed().get(30, SECONDS);

      assertThat(report.state()).isEqualTo(State.FAILED);
      assertThat(consumer.status().failure().orElseThrow()).contains("auto.offset.reset=none");
      assertThat(consumer.health().liveness()).isEqualTo(Health.Level.DOWN);
      if (!start.applied()) { // it may have joined before it asked for the offset
        assertThat(start.reason()).contains("auto.offset.reset=none");
      }
    }
    assertThat(journal.started()).isEmpty();
    assertThat(operator.committed(group)).isEmpty();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldFailWithTheReasonWhenTheOffsetIsOutOfRangeAndThePolicyIsNone() throws Exception {
    produce(30);
    operator.resetOffset(group, partition, 5);
    operator.deleteRecords(partition, 20);
    try (SafeConsumer<String, String> consumer = consumer("none", journal)) {
      consumer.start().get(30, SECONDS);
      assertThat(consumer.closed().get(30, SECONDS).state()).isEqualTo(State.FAILED);
      assertThat(consumer.status().failure().orElseThrow()).contains("auto.offset.reset=none");
    }
    assertThat(operator.committed(group, partition)).isEqualTo(5);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldRespectOffsetsThatAnOperatorSetWhileTheGroupWasStopped() throws Exception {
    produce(20);
    try (SafeConsumer<String, String> consumer = consumer("earliest", journal)) {
      start(consumer);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 20);
    }

    operator.resetOffset(group, partition, 4);
    Journal<String> back = Journal.noOp();
    try (SafeConsumer<String, String> consumer = consumer("earliest", back)) {
      start(consumer);
      await().atMost(SOON).until(() -> back.distinct() == 16);
    }
    assertThat(back.finished()).extracting(Journal.Entry::offset).first().isEqualTo(4L);

    produce(5);
    operator.resetOffset(group, partition, 22);
    Journal<String> forward = Journal.noOp();
    try (SafeConsumer<String, String> consumer = consumer("earliest", forward)) {
      start(consumer);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 25);
    }
    assertThat(forward.finished()).extracting(Journal.Entry::offset).containsExactly(22L, 23L, 24L);
  }

  /** Given up before its committed offset was even known: nothing may be committed for it. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldLeaveTheCommittedOffsetAloneWhenClosedBeforeThePartitionWasAcquired()
      throws Exception {
    produce(20);
    operator.resetOffset(group, partition, 12);
    CountDownLatch assigned = new CountDownLatch(1);
    RecordHandler<String, String> slowToPrepare =
        new RecordHandler<>() {
          @Override
          public void handle(ConsumerRecord<String, String> record, RecordContext context) {}

          @Override
          public void onAssigned(Collection<TopicPartition> partitions) throws Exception {
            assigned.countDown();
            new CountDownLatch(1).await(3, TimeUnit.SECONDS);
          }
        };
    try (SafeConsumer<String, String> consumer = consumer("earliest", slowToPrepare)) {
      start(consumer);
      assertThat(assigned.await(30, SECONDS)).isTrue();
      consumer.close(Duration.ofSeconds(10));
    }
    assertThat(operator.committed(group, partition)).isEqualTo(12);
  }

  private SafeConsumer<String, String> consumer(
      String reset, RecordHandler<String, String> handler) {
    return Consumers.strings(KAFKA, group, topic, handler)
        .kafka("auto.offset.reset", reset)
        .listener(events)
        .build();
  }

  private static void start(SafeConsumer<String, String> consumer) throws Exception {
    assertThat(consumer.start().get(30, SECONDS).applied()).isTrue();
  }

  private void produce(int count) {
    Clients.produce(
        KAFKA, topic, IntStream.range(0, count).mapToObj(i -> "v" + i).toArray(String[]::new));
  }
}
