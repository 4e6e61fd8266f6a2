package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryAfter;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.Blocked;
import io.github.safeconsumer.SafeConsumerEvent.DeadLettered;
import io.github.safeconsumer.SafeConsumerEvent.RetryScheduled;
import io.github.safeconsumer.SafeConsumerEvent.Skipped;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of records that fail: tried again within bounds, told apart, never in silence. */
class FailureIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final Duration TICK = Duration.ofMillis(20);

  private final Operator operator = new Operator(KAFKA);
  private final EventLog events = new EventLog();
  private final String group = Topics.uniqueName("group");
  private String topic;
  private String dlt;
  private TopicPartition partition;

  @BeforeEach
  void createTopics() {
    topic = Topics.create(KAFKA, "failure", 3);
    dlt = Topics.create(KAFKA, "failure-dlt", 1);
    partition = new TopicPartition(topic, 0);
  }

  @AfterEach
  void close() {
    operator.close();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldTryAgainOnScheduleAndExactlyAsOftenAsTheBoundSays() throws Exception {
    Queue<Long> starts = new ConcurrentLinkedQueue<>();
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              starts.add(System.nanoTime());
              assertThat(context.lastAttempt()).isEqualTo(context.attempt() == 5);
              assertThat(context.firstFailureAt().isPresent()).isEqualTo(context.attempt() > 1);
              throw new IllegalStateException("always");
            });
    Clients.produce(KAFKA, topic, "bad");
    try (SafeConsumer<String, String> consumer =
        consumer(journal)
            .retry(
                RetryPolicy.exponential(Duration.ofMillis(100), Duration.ofMillis(300))
                    .jitter(0.5)
                    .maxAttempts(5))
            .build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(0, 1);
      await().atMost(SOON).until(() -> events.of(DeadLettered.class).size() == 1);
    }
    assertThat(journal.started()).extracting(Journal.Entry::attempt).containsExactly(1, 2, 3, 4, 5);
    assertThat(events.of(DeadLettered.class).get(0).attempts()).isEqualTo(5);
    assertThat(events.of(DeadLettered.class).get(0).reason())
        .isEqualTo(DeadLetter.Reason.EXHAUSTED);
    List<RetryScheduled> retries = events.of(RetryScheduled.class);
    assertThat(retries).extracting(RetryScheduled::attempt).containsExactly(1, 2, 3, 4);
    assertThat(retries).allMatch(RetryScheduled::charged);
    long[] nominal = {100, 200, 300, 300};
    List<Long> begun = List.copyOf(starts);
    for (int i = 0; i < nominal.length; i++) {
      long delay = retries.get(i).delay().toMillis();
      assertThat(delay).isBetween(nominal[i] / 2, nominal[i] * 3 / 2);
      assertThat((begun.get(i + 1) - begun.get(i)) / 1_000_000)
          .as("attempt %d did not start early", i + 2)
          .isGreaterThanOrEqualTo(delay);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldEndWithTheElapsedBoundWhenThatComesFirst() throws Exception {
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
              throw new IllegalStateException("always, and slowly");
            });
    Clients.produce(KAFKA, topic, "bad");
    try (SafeConsumer<String, String> consumer =
        consumer(journal)
            .retry(
                RetryPolicy.fixed(Duration.ofMillis(50))
                    .jitter(0)
                    .maxAttempts(8)
                    .maxElapsed(Duration.ofMillis(900)))
            .build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(0, 1);
    }
    assertThat(journal.started().size()).isBetween(2, 6);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldHonourADelayThatTheExceptionCarries() throws Exception {
    final class Busy extends RuntimeException implements RetryAfter {
      private static final long serialVersionUID = 1L;

      @Override
      public Duration retryAfter() {
        return Duration.ofMillis(700);
      }
    }
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (context.attempt() == 1) {
                throw new Busy();
              }
            });
    Clients.produce(KAFKA, topic, "busy");
    try (SafeConsumer<String, String> consumer =
        consumer(journal).retry(RetryPolicy.fixed(TICK).maxAttempts(3)).build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(0, 1);
    }
    assertThat(events.of(RetryScheduled.class))
        .singleElement()
        .extracting(RetryScheduled::delay)
        .isEqualTo(Duration.ofMillis(700));
  }

  /** The handler's word, then the rule given last, then the defaults. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldClassifyByTheHandlerThenTheLastRuleThenTheDefaults() throws Exception {
    Queue<String> asked = new ConcurrentLinkedQueue<>();
    RecordHandler<String, String> handler =
        new RecordHandler<>() {
          @Override
          public void handle(ConsumerRecord<String, String> record, RecordContext context)
              throws Exception {
            switch (record.value()) {
              case "handler" -> throw new IllegalArgumentException("handler's own");
              case "rule" -> throw new IllegalStateException("last rule");
              case "default" -> throw new ClassCastException("default");
              case "wrapped" ->
                  throw new ExecutionException(
                      new CompletionException(new NonRetryableException("inside")));
              default -> {}
            }
          }

          @Override
          public FailureAction classify(Throwable failure) {
            asked.add(failure.getClass().getSimpleName());
            return failure instanceof IllegalArgumentException ? FailureAction.SKIP : null;
          }
        };
    Clients.produce(KAFKA, topic, "handler", "rule", "default", "wrapped", "good");
    try (SafeConsumer<String, String> consumer =
        consumer(handler)
            .retry(
                RetryPolicy.fixed(TICK)
                    .maxAttempts(3)
                    .on(FailureAction.DEAD_LETTER, IllegalArgumentException.class)
                    .on(FailureAction.DEAD_LETTER, IllegalStateException.class)
                    .on(FailureAction.SKIP, t -> "last rule".equals(t.getMessage())))
            .build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(0, 5);
      await().atMost(SOON).until(() -> events.of(DeadLettered.class).size() == 2);
    }
    assertThat(events.of(Skipped.class)).extracting(Skipped::offset).containsExactly(0L, 1L);
    assertThat(events.of(DeadLettered.class))
        .extracting(DeadLettered::exceptionClass)
        .containsExactly(ClassCastException.class.getName(), NonRetryableException.class.getName());
    assertThat(events.of(RetryScheduled.class)).isEmpty();
    assertThat(asked)
        .containsExactly(
            "IllegalArgumentException",
            "IllegalStateException",
            "ClassCastException",
            "NonRetryableException");
  }

  record Order(int number) {}

  /** A parse failure of Jackson's is an IOException, and still the record's own fault. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldBuryMalformedJsonAtOnceThoughItsExceptionIsAnIoException() throws Exception {
    Journal<Order> journal = Journal.noOp();
    Clients.produce(KAFKA, topic, "{bad", "{\"number\":1}", "nonsense");
    try (SafeConsumer<String, Order> consumer =
        SafeConsumer.<String, Order>builder()
            .kafka("bootstrap.servers", KAFKA)
            .kafka("group.id", group)
            .kafka("auto.offset.reset", "earliest")
            .topics(topic)
            .keyDeserializer(StringDeserializer::new)
            .valueDeserializer(JsonDeserializer.of(Order.class))
            .deadLetter(DeadLetterPolicy.toTopic(dlt))
            .handler(journal)
            .listener(events)
            .build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(0, 3);
      await().atMost(SOON).until(() -> events.of(DeadLettered.class).size() == 2);
    }
    assertThat(journal.started()).singleElement().extracting(Journal.Entry::offset).isEqualTo(1L);
    assertThat(events.of(DeadLettered.class))
        .allSatisfy(
            dead -> {
              assertThat(dead.reason()).isEqualTo(DeadLetter.Reason.UNDESERIALIZABLE);
              assertThat(dead.attempts()).isEqualTo(1);
            });
    assertThat(Clients.read(KAFKA, dlt, 2)).extracting("value").containsExactly("{bad", "nonsense");
  }

  /**
   * Somebody's own deserializer, which hands Jackson's exception on: that one is an IOException.
   */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldBuryWhatAForeignDeserializerCannotParseThoughItsExceptionIsAnIoException()
      throws Exception {
    Journal<String> journal = Journal.noOp();
    ObjectMapper mapper = new ObjectMapper();
    Clients.produce(KAFKA, topic, "{bad", "1");
    try (SafeConsumer<String, String> consumer =
        consumer(journal)
            .valueDeserializer(
                () ->
                    (t, data) -> {
                      try {
                        return mapper.readTree(data).toString();
                      } catch (IOException malformed) {
                        throw new SerializationException("not read", malformed);
                      }
                    })
            .build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(0, 2);
      await().atMost(SOON).until(() -> events.of(DeadLettered.class).size() == 1);
    }
    assertThat(events.of(DeadLettered.class).get(0).reason())
        .isEqualTo(DeadLetter.Reason.UNDESERIALIZABLE);
    assertThat(events.of(RetryScheduled.class)).isEmpty();
  }

  /** A schema registry that is down is no poison. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldWaitForADownstreamOfTheDeserializerAndBuryNothing() throws Exception {
    AtomicBoolean down = new AtomicBoolean(true);
    Journal<String> journal = Journal.noOp();
    Clients.produce(KAFKA, topic, "a", "b", "c");
    try (SafeConsumer<String, String> consumer =
        consumer(journal)
            .valueDeserializer(
                () ->
                    (t, data) -> {
                      if (down.get()) {
                        throw new SerializationException(
                            "schema not read", new ConnectException("refused"));
                      }
                      return new String(data, java.nio.charset.StandardCharsets.UTF_8);
                    })
            .build()) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> events.of(RetryScheduled.class).size() >= 10);
      assertThat(consumer.status().deadLettered()).isZero();
      down.set(false);
      await().atMost(SOON).until(() -> journal.distinct() == 3);
      assertThat(consumer.status().deadLettered()).isZero();
    }
    assertThat(events.of(RetryScheduled.class))
        .allSatisfy(
            retry -> {
              assertThat(retry.action()).isEqualTo(FailureAction.OUTAGE);
              assertThat(retry.charged()).isFalse();
            });
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldBuryNothingWhileEveryRecordFailsForADownstream() throws Exception {
    AtomicBoolean down = new AtomicBoolean(true);
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (down.get()) {
                throw new IOException("downstream is away");
              }
            });
    produceToAll("v");
    try (SafeConsumer<String, String> consumer = consumer(journal).concurrency(3).build()) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> journal.started().size() >= 3 * 20);
      assertThat(consumer.status().deadLettered()).isZero();
      assertThat(journal.finished()).isEmpty();
      down.set(false);
      await().atMost(SOON).until(() -> journal.distinct() == 15);
      assertThat(consumer.status().deadLettered()).isZero();
    }
    assertThat(journal.started())
        .as("of all the attempts at most the last is charged, once others got through")
        .allMatch(e -> e.attempt() <= 2);
  }

  /** When others get through, the downstream is up: then it is the record. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldBuryTheOneRecordThatAlwaysFailsAsIfADownstreamWereAway() throws Exception {
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.value().equals("v-0-1")) {
                throw new IOException("so it says");
              }
            });
    produceToAll("v");
    try (Producer<String, String> producer = Clients.producer(KAFKA);
        SafeConsumer<String, String> consumer = consumer(journal).concurrency(3).build()) {
      consumer.start().get(30, SECONDS);
      await()
          .atMost(SOON)
          .pollInterval(TICK)
          .until(
              () -> {
                producer.send(new ProducerRecord<>(topic, 1, null, "good"));
                return consumer.status().deadLettered() == 1;
              });
      awaitCommitted(0, 5);
    }
    assertThat(events.of(DeadLettered.class))
        .singleElement()
        .satisfies(
            dead -> {
              assertThat(dead.offset()).isEqualTo(1);
              assertThat(dead.reason()).isEqualTo(DeadLetter.Reason.EXHAUSTED);
              assertThat(dead.attempts()).isGreaterThanOrEqualTo(3);
            });
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldStopAtTheRecordAndRedeliverItAtTheNextStart() throws Exception {
    Clients.produce(KAFKA, topic, "a", "stop", "c");
    Journal<String> first =
        new Journal<>(
            (record, context) -> {
              if (record.value().equals("stop")) {
                throw new IllegalStateException("stop here");
              }
            });
    try (SafeConsumer<String, String> consumer =
        consumer(first)
            .retry(RetryPolicy.defaults().on(FailureAction.STOP, IllegalStateException.class))
            .build()) {
      consumer.start().get(30, SECONDS);
      assertThat(consumer.closed().get(30, SECONDS).state()).isEqualTo(State.FAILED);
      assertThat(consumer.status().failure().orElseThrow()).contains("STOP", partition + "@1");
      assertThat(consumer.health().liveness()).isEqualTo(Health.Level.DOWN);
    }
    assertThat(operator.committed(group, partition)).isEqualTo(1);

    Journal<String> second = Journal.noOp();
    try (SafeConsumer<String, String> consumer = consumer(second).build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(0, 3);
    }
    assertThat(second.finished()).extracting(Journal.Entry::value).containsExactly("stop", "c");
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldHoldTheLaneLoudlyWhenThereIsNoDeadLetterTopic() throws Exception {
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.value().equals("v-0-1")) {
                throw new NonRetryableException("no hope");
              }
            });
    produceToAll("v");
    try (SafeConsumer<String, String> consumer =
        consumer(journal).deadLetter(DeadLetterPolicy.none()).build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(1, 5);
      awaitCommitted(2, 5);
      awaitCommitted(0, 1);
      await().atMost(SOON).until(() -> events.of(Blocked.class).size() == 1);

      assertThat(events.of(Blocked.class).get(0).offset()).isEqualTo(1);
      assertThat(consumer.health().readiness()).isEqualTo(Health.Level.DOWN);
      assertThat(consumer.health().liveness()).isEqualTo(Health.Level.UP);
      assertThat(String.join("; ", consumer.health().reasons())).contains(partition + "@1");
    }
    assertThat(operator.committed(group, partition)).isEqualTo(1);
    assertThat(journal.distinct()).isEqualTo(11);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldHoldNoOtherLaneWhileARecordWaitsForItsRetry() throws Exception {
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.value().equals("v-0-0")) {
                throw new IllegalStateException("again later");
              }
            });
    produceToAll("v");
    try (SafeConsumer<String, String> consumer =
        consumer(journal)
            .retry(RetryPolicy.fixed(Duration.ofHours(1)).maxElapsed(Duration.ofHours(9)))
            .concurrency(1)
            .build()) {
      consumer.start().get(30, SECONDS);
      awaitCommitted(1, 5);
      awaitCommitted(2, 5);
      assertThat(journal.finished()).noneMatch(e -> e.partition().partition() == 0);
      assertThat(consumer.status().partitions())
          .filteredOn(p -> p.partition().equals(partition))
          .singleElement()
          .satisfies(p -> assertThat(p.waiting()).isEqualTo(1));
    }
    assertThat(operator.committed(group, partition)).isLessThanOrEqualTo(0);
  }

  private SafeConsumer.Builder<String, String> consumer(RecordHandler<String, String> handler) {
    return Consumers.strings(KAFKA, group, topic, handler)
        .deadLetter(DeadLetterPolicy.toTopic(dlt))
        .listener(events);
  }

  private void awaitCommitted(int number, long offset) {
    await()
        .atMost(SOON)
        .until(() -> operator.committed(group, new TopicPartition(topic, number)) == offset);
  }

  /** Five records to each partition: prefix-partition-number. */
  private void produceToAll(String prefix) throws Exception {
    try (Producer<String, String> producer = Clients.producer(KAFKA)) {
      for (int p = 0; p < 3; p++) {
        for (int i = 0; i < 5; i++) {
          producer
              .send(new ProducerRecord<>(topic, p, "k" + p, prefix + "-" + p + "-" + i))
              .get(30, SECONDS);
        }
      }
    }
  }
}
