package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Offsets that hold no record (transaction markers, compaction) hold nothing up. */
class GapsIT {
  private static final Duration SOON = Duration.ofSeconds(40);

  private static LocalKafka kafka;

  /** One whose cleaner does not rest, so that compaction can be waited for. */
  @BeforeAll
  static void start() {
    kafka =
        LocalKafka.builder()
            .brokerProperty("log.cleaner.backoff.ms", "100")
            .brokerProperty("log.initial.task.delay.ms", "0")
            .start();
  }

  @AfterAll
  static void close() {
    kafka.close();
  }

  static Stream<Arguments> isolationsAndProtocols() {
    return GroupProtocol.names().stream()
        .flatMap(
            protocol ->
                Stream.of("read_committed", "read_uncommitted")
                    .map(isolation -> Arguments.of(isolation, protocol)));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("isolationsAndProtocols")
  void shouldCommitTheEndOfTheLogPastTransactionMarkers(String isolation, String protocol)
      throws Exception {
    String topic = Topics.create(kafka.bootstrapServers(), "markers", 1);
    TopicPartition partition = new TopicPartition(topic, 0);
    String group = Topics.uniqueName("group");
    Journal<String> journal = Journal.noOp();

    try (Operator operator = new Operator(kafka.bootstrapServers());
        Producer<String, String> producer = transactional();
        SafeConsumer<String, String> consumer =
            consumer(group, topic, isolation, protocol, journal)) {
      transaction(producer, topic, "committed", 10, true);
      transaction(producer, topic, "aborted", 10, false);
      transaction(producer, topic, "committed", 5, true);
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 28);
      assertThat(operator.lag(group, partition)).isZero();

      // And while it is running, an aborted one last.
      transaction(producer, topic, "aborted", 4, false);
      await().atMost(SOON).until(() -> operator.lag(group, partition) == 0);
    }
    long aborted = count(journal, "aborted");
    assertThat(count(journal, "committed")).isEqualTo(15);
    assertThat(aborted).isEqualTo(isolation.equals("read_committed") ? 0 : 14);
    assertThat(journal.duplicates()).isZero();
  }

  /** A marker at the end must not move the commit past a record that is not done. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNotCommitPastAnUnfinishedRecordForTheSakeOfAMarker() throws Exception {
    String topic = Topics.create(kafka.bootstrapServers(), "unfinished", 1);
    TopicPartition partition = new TopicPartition(topic, 0);
    String group = Topics.uniqueName("group");
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.offset() == 3) {
                throw new IllegalStateException("never done");
              }
            });

    try (Operator operator = new Operator(kafka.bootstrapServers());
        Producer<String, String> producer = transactional();
        SafeConsumer<String, String> consumer =
            consumer(group, topic, "read_committed", "classic", journal)) {
      transaction(producer, topic, "v", 4, true);
      consumer.start().get(30, SECONDS);
      await()
          .atMost(SOON)
          .until(() -> consumer.status().partitions().stream().anyMatch(p -> p.blocked() == 1));
      await().atMost(SOON).until(() -> operator.committed(group, partition) == 3);
      consumer.close(Duration.ofSeconds(10));
      assertThat(operator.committed(group, partition)).isEqualTo(3);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldTolerateWhatCompactionRemoved() throws Exception {
    String topic =
        Topics.create(
            kafka.bootstrapServers(),
            "compacted",
            1,
            Map.of(
                "cleanup.policy", "compact",
                "segment.ms", "100",
                "min.cleanable.dirty.ratio", "0.01",
                "min.compaction.lag.ms", "0"));
    TopicPartition partition = new TopicPartition(topic, 0);
    String group = Topics.uniqueName("group");
    try (Producer<String, String> producer = Clients.producer(kafka.bootstrapServers());
        Operator operator = new Operator(kafka.bootstrapServers())) {
      for (int i = 0; i < 300; i++) {
        producer.send(new ProducerRecord<>(topic, 0, "k" + i % 7, "v" + i));
      }
      producer.flush();
      await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(300))
          .until(
              () -> { // each one may roll the segment, so that the cleaner may take the one before
                producer.send(new ProducerRecord<>(topic, 0, "tick", "t")).get(30, SECONDS);
                return left(topic) < 150;
              });
      long end =
          operator
              .ends(List.of(partition), org.apache.kafka.common.IsolationLevel.READ_UNCOMMITTED)
              .get(partition);

      Journal<String> journal = Journal.noOp();
      try (SafeConsumer<String, String> consumer =
          consumer(group, topic, "read_uncommitted", "classic", journal)) {
        consumer.start().get(30, SECONDS);
        await().atMost(SOON).until(() -> operator.committed(group, partition) >= end);
      }
      assertThat(journal.finished().stream().map(Journal.Entry::value)).contains("v299", "v298");
      assertThat(journal.distinct()).as("records, with gaps between").isLessThan(end);
      assertThat(journal.duplicates()).isZero();
    }
  }

  private static long left(String topic) {
    try (KafkaConsumer<String, String> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      reader.assign(List.of(partition));
      reader.seekToBeginning(List.of(partition));
      long end = reader.endOffsets(List.of(partition)).get(partition);
      long count = 0;
      while (reader.position(partition) < end) {
        count += reader.poll(Duration.ofMillis(100)).count();
      }
      return count;
    }
  }

  private static long count(Journal<String> journal, String prefix) {
    return journal.finished().stream().filter(e -> ((String) e.value()).startsWith(prefix)).count();
  }

  private static SafeConsumer<String, String> consumer(
      String group,
      String topic,
      String isolation,
      String protocol,
      RecordHandler<String, String> handler) {
    return Consumers.strings(kafka.bootstrapServers(), group, topic, handler)
        .kafka("isolation.level", isolation)
        .kafka("group.protocol", protocol)
        .build();
  }

  private static Producer<String, String> transactional() {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "transactional.id",
            Topics.uniqueName("transactions"));
    KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    producer.initTransactions();
    return producer;
  }

  private static void transaction(
      Producer<String, String> producer, String topic, String prefix, int count, boolean commit) {
    producer.beginTransaction();
    for (int i = 0; i < count; i++) {
      producer.send(new ProducerRecord<>(topic, 0, null, prefix + "-" + i));
    }
    producer.flush();
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
  }
}
