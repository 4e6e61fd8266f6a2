package io.github.safeconsumer.hung;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.DeadLettered;
import io.github.safeconsumer.SafeConsumerEvent.HandlerTimedOut;
import io.github.safeconsumer.SafeConsumerEvent.PartitionsLost;
import io.github.safeconsumer.SafeConsumerEvent.PartitionsRevoked;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A handler that never returns costs its record and a thread, and nothing else: the record, and
 * only it, becomes a dead letter; every other is handled once and in order; nobody is evicted;
 * close() keeps its bound and names the thread.
 */
@Timeout(120)
class HungHandlerIT {
  private static final Duration TIMEOUT = Duration.ofMillis(300);
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final int PARTITIONS = 3;
  private static final int RECORDS = 60;

  /** The record that hangs. */
  private static final int PARTITION = 1;

  private static final long OFFSET = 3;

  private final EventLog events = new EventLog();
  private final Operator operator = new Operator(KAFKA);
  private final String group = Topics.uniqueName("group");
  private final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();
  private final Map<Integer, CopyOnWriteArrayList<Long>> order = new ConcurrentHashMap<>();
  private final Queue<String> interrupted = new ConcurrentLinkedQueue<>();
  private Hang hang;
  private String topic;
  private String dlt;

  @BeforeEach
  void create() throws Exception {
    hang = new Hang();
    topic = Topics.create(KAFKA, "hung", PARTITIONS);
    dlt = Topics.create(KAFKA, "hung-dlt", 1);
    Clients.fill(KAFKA, topic, PARTITIONS, RECORDS);
  }

  @AfterEach
  void close() throws Exception {
    hang.close();
    operator.close();
  }

  private static boolean isTheOne(ConsumerRecord<?, ?> record) {
    return record.partition() == PARTITION && record.offset() == OFFSET;
  }

  private void note(ConsumerRecord<?, ?> record) {
    handled
        .computeIfAbsent(record.partition() + "@" + record.offset(), at -> new AtomicInteger())
        .incrementAndGet();
    order
        .computeIfAbsent(record.partition(), p -> new CopyOnWriteArrayList<>())
        .add(record.offset());
  }

  private void noteInterrupt(ConsumerRecord<?, ?> record) {
    if (Thread.interrupted()) {
      interrupted.add(record.partition() + "@" + record.offset());
    }
  }

  private SafeConsumer.Builder<String, String> consumer(RecordHandler<String, String> handler) {
    return Consumers.strings(KAFKA, group, topic, handler)
        .deadLetter(DeadLetterPolicy.toTopic(dlt))
        .handlerTimeout(TIMEOUT)
        .listener(events);
  }

  /** One permit: everything behind it waits for the watchdog. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource(Hang.Kind.class)
  void shouldCostOneRecordWhateverTheHandlerHangsIn(Hang.Kind kind) throws Exception {
    RecordHandler<String, String> handler =
        RecordHandler.of(
            (record, context) -> {
              noteInterrupt(record);
              if (isTheOne(record)) {
                hang.in(kind);
              }
              note(record);
            });
    try (SafeConsumer<String, String> consumer = consumer(handler).build()) {
      consumer.start().get(30, SECONDS);
      awaitAllDone();
      assertThat(consumer.status().abandoned()).isEqualTo(1);
      assertOnlyTheOneIsDead();
      long since = System.nanoTime();
      CloseReport report = consumer.close(Duration.ofSeconds(5));
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(6));
      assertThat(report.state()).isEqualTo(State.CLOSED);
      assertThat(report.stillRunning())
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.what()).isEqualTo(topic + "-" + PARTITION + "@" + OFFSET);
                assertThat(one.thread()).contains("worker");
                assertThat(one.stack()).isNotEmpty();
              });
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldCostOneRecordWhereItsDeserializerHangs() throws Exception {
    Supplier<Deserializer<String>> deserializers =
        () ->
            new Deserializer<>() {
              @Override
              public String deserialize(String from, byte[] data) {
                String text = new String(data, UTF_8);
                if (text.equals("hang")) {
                  hangQuietly();
                }
                return text;
              }
            };
    Clients.produce(KAFKA, topic, "hang"); // at the end of partition 0
    RecordHandler<String, String> handler =
        RecordHandler.of(
            (record, context) -> {
              noteInterrupt(record);
              note(record);
            });
    try (SafeConsumer<String, String> consumer =
        consumer(handler).valueDeserializer(deserializers).build()) {
      consumer.start().get(30, SECONDS);
      await()
          .atMost(SOON)
          .until(() -> committed() == RECORDS + 1L && !events.of(DeadLettered.class).isEmpty());
      DeadLettered dead = events.of(DeadLettered.class).get(0);
      assertThat(dead.reason()).isEqualTo(DeadLetter.Reason.HUNG);
      assertThat(dead.partition().partition()).isZero();
      assertThat(handled).hasSize(RECORDS);
      assertThat(consumer.close(Duration.ofSeconds(5)).stillRunning()).hasSize(1);
    }
    assertThat(interrupted).isEmpty();
  }

  private void hangQuietly() {
    try {
      hang.in(Hang.Kind.SWALLOW);
    } catch (java.io.IOException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldCostOneRecordWhereItsStageNeverCompletes() throws Exception {
    RecordHandler<String, String> handler =
        RecordHandler.ofAsync(
            (record, context) -> {
              noteInterrupt(record);
              if (isTheOne(record)) {
                return new CompletableFuture<Void>().minimalCompletionStage();
              }
              note(record);
              return CompletableFuture.completedFuture(null);
            });
    try (SafeConsumer<String, String> consumer = consumer(handler).build()) {
      consumer.start().get(30, SECONDS);
      awaitAllDone();
      assertOnlyTheOneIsDead();
      assertThat(consumer.close(Duration.ofSeconds(5)).stillRunning())
          .singleElement()
          .satisfies(one -> assertThat(one.thread()).contains("asynchronous"));
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldFindTheOneRecordOfABatchThatHangs() throws Exception {
    BatchHandler<String, String> handler =
        BatchHandler.of(
            (records, context) -> {
              records.forEach(this::noteInterrupt);
              if (records.stream().anyMatch(HungHandlerIT::isTheOne)) {
                hang.in(Hang.Kind.SOCKET);
              }
              records.forEach(this::note);
            });
    try (SafeConsumer<String, String> consumer =
        SafeConsumer.<String, String>builder()
            .kafka(
                Map.of(
                    "bootstrap.servers", KAFKA, "group.id", group, "auto.offset.reset", "earliest"))
            .topics(topic)
            .keyDeserializer(StringDeserializer::new)
            .valueDeserializer(StringDeserializer::new)
            .shutdownHook(false)
            .batchHandler(handler, BatchPolicy.of(10))
            .deadLetter(DeadLetterPolicy.toTopic(dlt))
            .handlerTimeout(TIMEOUT)
            .listener(events)
            .build()) {
      consumer.start().get(30, SECONDS);
      awaitAllDone();
      assertOnlyTheOneIsDead();
      assertThat(consumer.status().abandoned()).as("the batch, and the record alone").isEqualTo(2);
      assertThat(consumer.close(Duration.ofSeconds(5)).state()).isEqualTo(State.CLOSED);
    }
  }

  /** Thousands of calls that end right when they are interrupted. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNeverLetAnInterruptReachTheNextRecord() throws Exception {
    int many = 3_000;
    String busy = Topics.create(KAFKA, "edge", PARTITIONS);
    Clients.fill(KAFKA, busy, PARTITIONS, many);
    Duration edge = Duration.ofMillis(10);
    RecordHandler<String, String> handler =
        RecordHandler.of(
            (record, context) -> {
              // In this order: the deadline may pass in between, and then the interrupt is its own.
              if (Thread.interrupted() && Instant.now().isBefore(context.deadline())) {
                interrupted.add(record.partition() + "@" + record.offset());
              }
              if (record.offset() % 10 == 0) {
                long nanos =
                    (long)
                        (edge.toNanos()
                            * (0.8 + 0.9 * new SplittableRandom(record.offset()).nextDouble()));
                long until = System.nanoTime() + nanos;
                while (System.nanoTime() - until < 0) {
                  Thread.onSpinWait(); // ends soon after its deadline, whatever it is told
                }
              }
              note(record);
            });
    try (SafeConsumer<String, String> consumer =
        Consumers.strings(KAFKA, group, busy, handler)
            .ordering(Ordering.UNORDERED)
            .concurrency(2)
            .retry(RetryPolicy.fixed(Duration.ofMillis(1)))
            .deadLetter(DeadLetterPolicy.toTopic(dlt).floodLimit(Integer.MAX_VALUE))
            .handlerTimeout(edge)
            .listener(events)
            .build()) {
      consumer.start().get(30, SECONDS);
      await()
          .atMost(SOON)
          .until(() -> operator.committed(group).values().stream().mapToLong(o -> o).sum() == many);
      assertThat(consumer.status().handled() + consumer.status().deadLettered()).isEqualTo(many);
      assertThat(consumer.status().restarts()).isZero();
    }
    assertThat(events.of(HandlerTimedOut.class)).isNotEmpty();
    assertThat(interrupted).isEmpty();
  }

  private long committed() {
    return operator.committed(group).values().stream().mapToLong(offset -> offset).sum();
  }

  private void awaitAllDone() {
    await().atMost(SOON).until(() -> committed() == RECORDS);
  }

  private void assertOnlyTheOneIsDead() {
    assertThat(Clients.read(KAFKA, dlt, 1)).hasSize(1);
    await().atMost(SOON).until(() -> events.of(DeadLettered.class).size() == 1);
    DeadLettered dead = events.of(DeadLettered.class).get(0);
    assertThat(dead.reason()).isEqualTo(DeadLetter.Reason.HUNG);
    assertThat(dead.partition()).isEqualTo(new TopicPartition(topic, PARTITION));
    assertThat(dead.offset()).isEqualTo(OFFSET);
    assertThat(handled).hasSize(RECORDS - 1).doesNotContainKey(PARTITION + "@" + OFFSET);
    assertThat(handled.values()).allSatisfy(times -> assertThat(times).hasValue(1));
    assertThat(order.values())
        .allSatisfy(offsets -> assertThat(offsets).isSortedAccordingTo(Long::compare));
    assertThat(interrupted).isEmpty();
    assertThat(events.of(PartitionsRevoked.class)).as("rebalances").isEmpty();
    assertThat(events.of(PartitionsLost.class)).isEmpty();
    assertThat(events.of(HandlerTimedOut.class))
        .extracting(HandlerTimedOut::abandoned)
        .contains(false, true);
  }
}
