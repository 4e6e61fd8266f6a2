package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryAfter;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.Blocked;
import io.github.safeconsumer.SafeConsumerEvent.CallbackFailed;
import io.github.safeconsumer.SafeConsumerEvent.DeadLettered;
import io.github.safeconsumer.SafeConsumerEvent.PartitionsAssigned;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.Hostile;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * User code that throws whatever it likes, blocks, interrupts and calls back: the loop goes on, and
 * no lane is left pending in silence.
 */
class HostileCodeIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final Map<String, Supplier<Throwable>> THROWABLES = Hostile.throwables();

  private final Operator operator = new Operator(KAFKA);
  private final EventLog events = new EventLog();
  private final String group = Topics.uniqueName("group");
  private String topic;
  private String dlt;
  private TopicPartition partition;

  @BeforeEach
  void createTopics() {
    topic = Topics.create(KAFKA, "hostile", 1);
    dlt = Topics.create(KAFKA, "hostile-dlt", 1);
    partition = new TopicPartition(topic, 0);
  }

  @AfterEach
  void close() {
    operator.close();
  }

  static Stream<String> names() {
    return THROWABLES.keySet().stream();
  }

  /** One consumer meets them all, one record after the other, wherever the record says. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(strings = {"handle", "deserialize", "classify", "predicate", "retryAfter"})
  void shouldDealWithEveryRecordWhateverIsThrownWhere(String where) throws Exception {
    Clients.produce(KAFKA, topic, names().toArray(String[]::new));
    Clients.produce(KAFKA, topic, "good");
    RecordHandler<String, String> handler =
        new RecordHandler<>() {
          @Override
          public void handle(ConsumerRecord<String, String> record, RecordContext context) {
            if (record.value().equals("good")) {
              return;
            }
            if (where.equals("handle")) {
              throw Hostile.<RuntimeException>sneak(THROWABLES.get(record.value()).get());
            }
            throw new Named(record.value(), where.equals("retryAfter"));
          }

          @Override
          public FailureAction classify(Throwable failure) {
            if (where.equals("classify") && failure instanceof Named named) {
              throw Hostile.<RuntimeException>sneak(THROWABLES.get(named.name).get());
            }
            return null;
          }
        };
    try (SafeConsumer<String, String> consumer =
        consumer(handler)
            .retry(
                RetryPolicy.fixed(Duration.ofMillis(5))
                    .maxAttempts(2)
                    .on(
                        FailureAction.DEAD_LETTER,
                        failure -> {
                          if (where.equals("predicate") && failure instanceof Named named) {
                            throw Hostile.<RuntimeException>sneak(THROWABLES.get(named.name).get());
                          }
                          return false;
                        }))
            .valueDeserializer(
                () ->
                    (t, data) -> {
                      String text = new String(data, java.nio.charset.StandardCharsets.UTF_8);
                      if (where.equals("deserialize") && THROWABLES.containsKey(text)) {
                        throw Hostile.<RuntimeException>sneak(THROWABLES.get(text).get());
                      }
                      return text;
                    })
            .deadLetter(DeadLetterPolicy.toTopic(dlt).floodLimit(Integer.MAX_VALUE))
            .build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(THROWABLES.size() + 1);
      assertThat(consumer.status().deadLettered()).isEqualTo(THROWABLES.size());
      assertThat(consumer.status().handled()).isEqualTo(1);
      assertThat(consumer.status().restarts()).isZero();
      if (where.equals("handle")) {
        assertThat(consumer.health().readiness())
            .as("after an OutOfMemoryError the process may be damaged")
            .isEqualTo(Health.Level.DOWN);
      }
      assertThat(consumer.close(Duration.ofSeconds(10)).state()).isEqualTo(State.CLOSED);
    }
    assertThat(events.of(DeadLettered.class)).hasSize(THROWABLES.size());
    assertThat(events.of(Blocked.class)).isEmpty();
    if (where.equals("classify")) {
      assertThat(events.of(CallbackFailed.class)).hasSize(2 * THROWABLES.size());
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("names")
  void shouldEndAsAskedWhateverTheExceptionThatStopsIt(String name) throws Exception {
    Clients.produce(KAFKA, topic, name);
    RecordHandler<String, String> handler =
        new RecordHandler<>() {
          @Override
          public void handle(ConsumerRecord<String, String> record, RecordContext context) {
            throw Hostile.<RuntimeException>sneak(THROWABLES.get(record.value()).get());
          }

          @Override
          public FailureAction classify(Throwable failure) {
            return FailureAction.STOP;
          }
        };
    try (SafeConsumer<String, String> consumer = consumer(handler).build()) {
      consumer.start().get(30, SECONDS);
      CloseReport report = consumer.closed().get(30, SECONDS);
      assertThat(report.state()).isEqualTo(State.FAILED);
      assertThat(report.toString()).contains("FAILED").hasSizeLessThan(10_000);
      assertThat(consumer.resume().get(5, SECONDS).result()).isEqualTo(Outcome.Result.FAILED);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("names")
  void shouldGoOnWhateverTheCallbacksAndTheListenerThrow(String name) throws Exception {
    Clients.produce(KAFKA, topic, "a", "b");
    AtomicInteger handled = new AtomicInteger();
    RecordHandler<String, String> handler =
        new RecordHandler<>() {
          @Override
          public void handle(ConsumerRecord<String, String> record, RecordContext context) {
            handled.incrementAndGet();
          }

          @Override
          public void onAssigned(Collection<TopicPartition> partitions) {
            throw Hostile.<RuntimeException>sneak(THROWABLES.get(name).get());
          }

          @Override
          public void onRevoked(Collection<TopicPartition> partitions) {
            throw Hostile.<RuntimeException>sneak(THROWABLES.get(name).get());
          }
        };
    try (SafeConsumer<String, String> consumer =
        consumer(handler)
            .listener(
                event -> {
                  events.onEvent(event);
                  throw Hostile.<RuntimeException>sneak(THROWABLES.get(name).get());
                })
            .build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(2);
      CloseReport report = consumer.close(Duration.ofSeconds(10));
      assertThat(report.clean()).as(report.toString()).isTrue();
    }
    assertThat(handled).hasValue(2);
    assertThat(events.of(CallbackFailed.class))
        .extracting(CallbackFailed::callback)
        .containsExactly("onAssigned", "onRevoked");
  }

  /** No record is at fault, so none may be buried for it. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(strings = {"supplier", "second supplier"})
  void shouldFailWithTheReasonWhenADeserializerCannotBeMade(String which) throws Exception {
    Clients.produce(KAFKA, topic, "a", "b");
    AtomicInteger made = new AtomicInteger();
    try (SafeConsumer<String, String> consumer =
        consumer(Journal.noOp())
            .valueDeserializer(
                (Supplier<Deserializer<String>>)
                    () -> {
                      if (which.equals("supplier") || made.incrementAndGet() > 1) {
                        throw new NoClassDefFoundError("schema library");
                      }
                      return (t, data) -> {
                        throw new IllegalStateException("not reached in this test");
                      };
                    })
            .build()) {
      Outcome outcome = consumer.start().get(30, SECONDS);
      if (which.equals("supplier")) {
        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.reason()).contains("deserializer").contains("NoClassDefFoundError");
        assertThat(consumer.status().deadLettered()).isZero();
      }
    }
    if (which.equals("supplier")) {
      assertThat(operator.committed(group, partition)).isLessThanOrEqualTo(0);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNotCarryAnInterruptFromOneRecordToTheNext() throws Exception {
    AtomicInteger interrupted = new AtomicInteger();
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (Thread.currentThread().isInterrupted()) {
                interrupted.incrementAndGet();
              }
              Thread.currentThread().interrupt();
              if (record.offset() == 1 && context.attempt() == 1) {
                throw new InterruptedException("left by hand");
              }
            });
    Clients.produce(KAFKA, topic, "a", "b", "c", "d");
    try (SafeConsumer<String, String> consumer = consumer(journal).build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(4);
      assertThat(consumer.close(Duration.ofSeconds(10)).clean()).isTrue();
    }
    assertThat(interrupted).hasValue(0);
    assertThat(journal.started()).hasSize(5);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldIgnoreWhatAnAbandonedHandlerReturnsAfterTheClose() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicReference<RecordContext> context = new AtomicReference<>();
    Journal<String> journal =
        new Journal<>(
            (record, c) -> {
              context.set(c);
              entered.countDown();
              while (release.getCount() > 0) {
                try {
                  release.await();
                } catch (InterruptedException ignored) {
                  // as some handlers do
                }
              }
            });
    Clients.produce(KAFKA, topic, "a", "b");
    SafeConsumer<String, String> consumer =
        consumer(journal).drainTimeout(Duration.ofMillis(300)).build();
    consumer.start().get(30, SECONDS);
    assertThat(entered.await(30, SECONDS)).isTrue();

    long start = System.nanoTime();
    CloseReport report = consumer.close(Duration.ofSeconds(4));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    assertThat(report.clean()).isFalse();
    assertThat(report.stillRunning()).anyMatch(s -> s.what().equals(partition + "@0"));
    assertThat(context.get().cancelled()).isTrue();

    release.countDown();
    await().atMost(SOON).until(() -> journal.finished().size() == 1);
    assertThat(operator.committed(group, partition)).isLessThanOrEqualTo(0);
    assertThat(journal.started()).hasSize(1);
  }

  /** A listener that never returns: records, assignments and the close do not wait for it. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldGoOnWhileAListenerBlocksForEverAndCountWhatItMisses() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (context.attempt() < 3) {
                throw new IllegalStateException("twice");
              }
            });
    String[] values = IntStream.range(0, 700).mapToObj(i -> "v" + i).toArray(String[]::new);
    Clients.produce(KAFKA, topic, values);
    SafeConsumer<String, String> consumer =
        consumer(journal)
            .kafka("metadata.max.age.ms", 500)
            .ordering(Ordering.UNORDERED)
            .concurrency(32) // each waits for its retries: one after the other they take long
            .retry(RetryPolicy.fixed(Duration.ofNanos(1)).maxAttempts(3))
            .listener(
                event -> {
                  try {
                    release.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                })
            .build();
    assertThat(consumer.start().get(30, SECONDS).applied()).isTrue();
    awaitCommitted(700);
    assertThat(consumer.status().eventsDropped()).isPositive();

    // The next assignment has a callback again, and the listener still blocks.
    long growing = System.nanoTime();
    operator.growTo(topic, 2);
    try (Producer<String, String> producer = Clients.producer(KAFKA)) {
      producer.send(new ProducerRecord<>(topic, 1, null, "late")).get(30, SECONDS);
    }
    await().atMost(SOON).until(() -> operator.committed(group, new TopicPartition(topic, 1)) == 1);
    assertThat(Duration.ofNanos(System.nanoTime() - growing))
        .as("an assignment does not wait for the listener")
        .isLessThan(Duration.ofSeconds(25));

    long closing = System.nanoTime();
    CloseReport report = consumer.close(Duration.ofSeconds(10));
    assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(Duration.ofSeconds(10));
    assertThat(report.state()).isEqualTo(State.CLOSED);
    assertThat(report.clean()).isFalse();
    assertThat(report.stillRunning()).anyMatch(s -> s.what().contains("listener"));
    release.countDown();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldAllowEveryCommandInsideHandlerAndListener() throws Exception {
    AtomicReference<SafeConsumer<String, String>> self = new AtomicReference<>();
    AtomicReference<CompletableFuture<Outcome>> resumed = new AtomicReference<>();
    AtomicReference<CloseReport> closedInside = new AtomicReference<>();
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              SafeConsumer<String, String> consumer = self.get();
              switch (record.value()) {
                case "pause" -> {
                  consumer.pause();
                  consumer.pause(java.util.List.of(partition));
                  consumer.status().toJson();
                  consumer.health();
                  resumed.set(consumer.resume());
                  consumer.resume(java.util.List.of(partition));
                }
                case "close" -> closedInside.set(consumer.close(Duration.ofSeconds(5)));
                default -> {}
              }
            });
    Clients.produce(KAFKA, topic, "a", "pause", "b", "close", "never");
    SafeConsumer<String, String> consumer =
        consumer(journal)
            .listener(
                event -> {
                  events.onEvent(event);
                  self.get().status();
                  self.get().health();
                  if (event instanceof PartitionsAssigned) {
                    self.get().pause();
                    self.get().resume();
                  }
                })
            .build();
    self.set(consumer);
    consumer.start().get(30, SECONDS);
    CloseReport report = consumer.closed().get(30, SECONDS);

    assertThat(report.clean()).as(report.toString()).isTrue();
    assertThat(closedInside.get().state()).isEqualTo(State.CLOSING);
    assertThat(resumed.get().get(5, SECONDS)).isNotNull();
    assertThat(journal.finished())
        .extracting(Journal.Entry::value)
        .containsExactly("a", "pause", "b", "close");
    assertThat(operator.committed(group, partition)).isEqualTo(4);
  }

  /** A failure that names itself; its delay can be hostile, too. */
  private static final class Named extends RuntimeException implements RetryAfter {
    private static final long serialVersionUID = 1L;

    final String name;
    private final boolean hostile;

    Named(String name, boolean hostile) {
      super("named");
      this.name = name;
      this.hostile = hostile;
    }

    @Override
    public Duration retryAfter() {
      if (hostile) {
        throw Hostile.<RuntimeException>sneak(THROWABLES.get(name).get());
      }
      return Duration.ZERO;
    }
  }

  private SafeConsumer.Builder<String, String> consumer(RecordHandler<String, String> handler) {
    return Consumers.strings(KAFKA, group, topic, handler)
        .deadLetter(DeadLetterPolicy.toTopic(dlt))
        .listener(events);
  }

  private void awaitCommitted(long offset) {
    await().atMost(SOON).until(() -> operator.committed(group, partition) == offset);
  }
}
