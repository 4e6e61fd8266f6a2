package io.github.safeconsumer.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.Blocked;
import io.github.safeconsumer.SafeConsumerEvent.Flood;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** From a record that nobody can help to the dead-letter topic, through a whole consumer. */
class DeadLetterPathIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final String OURS = "safeconsumer.dlt.";

  private final Operator operator = new Operator(KAFKA);
  private final EventLog events = new EventLog();
  private final String group = Topics.uniqueName("group");
  private String topic;
  private String dlt;
  private TopicPartition partition;

  @BeforeEach
  void createTopics() {
    topic = Topics.create(KAFKA, "buried", 2);
    dlt = topic + ".dlt";
    partition = new TopicPartition(topic, 0);
  }

  @AfterEach
  void close() {
    operator.close();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldTellAllThatIsKnownOfTheRecordAndKeepTheOrderOfItsKey() throws Exception {
    Topics.createNamed(KAFKA, dlt, 3, Map.of());
    Journal<String> journal = bad();
    try (Producer<String, String> producer = Clients.producer(KAFKA)) {
      for (int i = 0; i < 12; i++) {
        ProducerRecord<String, String> record =
            new ProducerRecord<>(topic, 0, "key-" + i % 2, "bad-" + i);
        record.headers().add("trace", ("t" + i).getBytes(UTF_8));
        producer.send(record).get(30, SECONDS);
      }
    }
    try (SafeConsumer<String, String> consumer =
        consumer(journal).deadLetter(DeadLetterPolicy.suffix(".dlt")).name("the-name").build()) {
      assertThat(consumer.start().get(30, SECONDS).applied()).isTrue();
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 12);
    }
    List<ConsumerRecord<String, String>> letters = readAll(dlt, 3, 12);
    for (int key = 0; key < 2; key++) {
      int wanted = key;
      assertThat(letters)
          .filteredOn(l -> l.key().equals("key-" + wanted))
          .extracting(ConsumerRecord::value)
          .as("of one key, in order")
          .containsExactly(
              IntStream.range(0, 12)
                  .filter(i -> i % 2 == wanted)
                  .mapToObj(i -> "bad-" + i)
                  .toArray(String[]::new));
    }
    for (ConsumerRecord<String, String> letter : letters) {
      Map<String, String> headers = headers(letter);
      int number = Integer.parseInt(letter.value().substring(4));
      assertThat(headers)
          .containsEntry("trace", "t" + number)
          .containsEntry(OURS + "version", "1")
          .containsEntry(OURS + "origin.topic", topic)
          .containsEntry(OURS + "origin.partition", "0")
          .containsEntry(OURS + "origin.offset", String.valueOf(number))
          .containsEntry(OURS + "origin.timestamp-type", "CreateTime")
          .containsEntry(OURS + "group", group)
          .containsEntry(OURS + "reason", "non-retryable")
          .containsEntry(OURS + "exception.class", NonRetryableException.class.getName())
          .containsEntry(OURS + "exception.message", "bad one")
          .containsEntry(OURS + "attempts", "1")
          .containsKeys(
              OURS + "id",
              OURS + "origin.cluster",
              OURS + "origin.timestamp",
              OURS + "origin.leader-epoch",
              OURS + "client",
              OURS + "host",
              OURS + "exception.stack",
              OURS + "first-failure",
              OURS + "last-failure",
              OURS + "library");
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNotStartWithoutItsDeadLetterTopicAndSayWhatToDo() throws Exception {
    Clients.produce(KAFKA, topic, "a");
    Journal<String> journal = Journal.noOp();
    try (SafeConsumer<String, String> consumer =
        consumer(journal).deadLetter(DeadLetterPolicy.toTopic(dlt)).build()) {
      Outcome outcome = consumer.start().get(30, SECONDS);
      assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
      assertThat(outcome.reason()).contains(dlt).contains("create");
      assertThat(consumer.closed().get(30, SECONDS).state()).isEqualTo(State.FAILED);
      assertThat(consumer.health().liveness()).isEqualTo(Health.Level.DOWN);
    }
    assertThat(journal.started()).isEmpty();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldCreateItsDeadLetterTopicWhenAskedTo() throws Exception {
    Clients.produce(KAFKA, topic, "bad");
    try (SafeConsumer<String, String> consumer =
        consumer(bad()).deadLetter(DeadLetterPolicy.toTopic(dlt).createIfMissing()).build()) {
      assertThat(consumer.start().get(30, SECONDS).applied()).isTrue();
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 1);
    }
    assertThat(readAll(dlt, 2, 1)).hasSize(1);
  }

  /** The handler has failed on the record often enough: only the sending is repeated. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldHoldTheLaneWhileItsDeadLetterTopicIsGoneAndDeliverOnceItIsBack() throws Exception {
    Topics.createNamed(KAFKA, dlt, 1, Map.of());
    Journal<String> journal = bad();
    try (Producer<String, String> producer = Clients.producer(KAFKA);
        SafeConsumer<String, String> consumer =
            consumer(journal)
                .deadLetter(
                    DeadLetterPolicy.toTopic(dlt)
                        .producer(
                            Map.of(
                                "max.block.ms", "1000",
                                "metadata.max.age.ms", "500",
                                "delivery.timeout.ms", "2000",
                                "request.timeout.ms", "1000",
                                "linger.ms", "0")))
                .build()) {
      consumer.start().get(30, SECONDS);
      Clients.produce(KAFKA, topic, "bad-first");
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 1);

      operator.delete(dlt);
      Clients.produce(KAFKA, topic, "bad-second", "good");
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(String.join("; ", consumer.health().reasons()))
                      .contains("dead-letter topic cannot be written"));
      assertThat(consumer.health().liveness()).isEqualTo(Health.Level.UP);
      for (int i = 0; i < 5; i++) {
        producer.send(new ProducerRecord<>(topic, 1, "k", "good")).get(30, SECONDS);
      }
      await()
          .atMost(SOON)
          .until(() -> operator.committed(group, new TopicPartition(topic, 1)) == 5);
      assertThat(operator.committed(group, partition)).isEqualTo(1);

      Topics.createNamed(KAFKA, dlt, 1, Map.of());
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 3);
      await().atMost(SOON).until(() -> consumer.health().readiness() == Health.Level.UP);
    }
    assertThat(Clients.read(KAFKA, dlt, 1)).extracting("value").containsExactly("bad-second");
    assertThat(journal.started()).filteredOn(e -> e.value().equals("bad-second")).hasSize(1);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldPauseWhenTooManyRecordsInARowAreBuriedAndGoOnWhenResumed() throws Exception {
    Topics.createNamed(KAFKA, dlt, 1, Map.of());
    Clients.produce(
        KAFKA, topic, IntStream.range(0, 25).mapToObj(i -> "bad-" + i).toArray(String[]::new));
    Journal<String> journal = bad();
    try (SafeConsumer<String, String> consumer =
        consumer(journal).deadLetter(DeadLetterPolicy.toTopic(dlt).floodLimit(10)).build()) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> consumer.status().state() == State.PAUSED);
      assertThat(consumer.status().pauseReasons()).containsExactly(PauseReason.FLOOD);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 10);
      assertThat(journal.started()).hasSize(10);
      assertThat(consumer.health().readiness()).isEqualTo(Health.Level.DOWN);
      assertThat(String.join("; ", consumer.health().reasons())).contains("FLOOD");

      assertThat(consumer.resume().get(10, SECONDS).applied()).isTrue();
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 20);
      assertThat(consumer.resume().get(10, SECONDS).applied()).isTrue();
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 25);
      assertThat(consumer.status().pauseReasons()).isEmpty();
    }
    assertThat(events.of(Flood.class)).hasSize(2);
    assertThat(Clients.read(KAFKA, dlt, 25)).hasSize(25);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSendNothingAndSayWhyWhenTheRedactionFails() throws Exception {
    Topics.createNamed(KAFKA, dlt, 1, Map.of());
    Clients.produce(KAFKA, topic, "bad", "good");
    try (SafeConsumer<String, String> consumer =
        consumer(bad())
            .deadLetter(
                DeadLetterPolicy.toTopic(dlt)
                    .redact(
                        letter -> {
                          throw new StackOverflowError();
                        }))
            .build()) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> events.of(Blocked.class).size() == 1);
      assertThat(events.of(Blocked.class).get(0).reason()).contains("redact", "StackOverflowError");
      assertThat(String.join("; ", consumer.health().reasons())).contains(partition + "@0");
      assertThat(consumer.status().deadLettered()).isZero();
    }
    assertThat(operator.committed(group, partition)).isLessThanOrEqualTo(0);
    assertThat(
            operator.ends(
                List.of(new TopicPartition(dlt, 0)),
                org.apache.kafka.common.IsolationLevel.READ_UNCOMMITTED))
        .containsValue(0L);
  }

  private static Journal<String> bad() {
    return new Journal<>(
        (record, context) -> {
          if (record.value().startsWith("bad")) {
            throw new NonRetryableException("bad one");
          }
        });
  }

  private SafeConsumer.Builder<String, String> consumer(RecordHandler<String, String> handler) {
    return Consumers.strings(KAFKA, group, topic, handler).listener(events);
  }

  private static Map<String, String> headers(ConsumerRecord<String, String> letter) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : letter.headers()) {
      headers.put(header.key(), new String(header.value(), UTF_8));
    }
    return headers;
  }

  private static List<ConsumerRecord<String, String>> readAll(
      String topic, int partitions, int count) {
    return Clients.readAll(KAFKA, topic, partitions, count);
  }
}
