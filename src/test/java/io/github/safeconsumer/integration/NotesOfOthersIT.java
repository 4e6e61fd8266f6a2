package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.MetadataIgnored;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
 * What others put beside a committed offset: tools, mirrors, other versions. Reading always goes on
 * at the offset; a note that does not belong there changes nothing, and is told of.
 */
class NotesOfOthersIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String KAFKA = SharedKafka.bootstrapServers();

  /** The first record of the topic fails; it is behind the watermark until the end. */
  private static final int RECORDS = 40;

  private final Operator operator = new Operator(KAFKA);
  private final EventLog events = new EventLog();
  private final Queue<Long> handled = new ConcurrentLinkedQueue<>();
  private volatile boolean failing = true;
  private String group;
  private TopicPartition partition;

  @BeforeEach
  void createTopic() throws Exception {
    String topic = Topics.create(KAFKA, "notes", 1);
    group = Topics.uniqueName("group");
    partition = new TopicPartition(topic, 0);
    try (Producer<String, String> producer = Clients.producer(KAFKA)) {
      for (int i = 0; i < RECORDS; i++) {
        producer.send(new ProducerRecord<>(topic, "key-" + i, "v")).get(10, SECONDS);
      }
    }
  }

  @AfterEach
  void close() {
    operator.close();
  }

  /** Runs until all but the first record are done, and the note says so. */
  private String noteOfARunFarAhead() throws Exception {
    try (SafeConsumer<String, String> consumer = consumer()) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> handled.size() == RECORDS - 1);
    }
    assertThat(operator.committed(group, partition)).isZero();
    handled.clear();
    failing = false;
    return operator.metadata(group, partition);
  }

  private List<Long> handledUntilCaughtUp() throws Exception {
    try (SafeConsumer<String, String> consumer = consumer()) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> operator.committed(group, partition) == RECORDS);
    }
    return handled.stream().sorted().toList();
  }

  private List<String> ignored() {
    return events.of(MetadataIgnored.class).stream().map(MetadataIgnored::reason).toList();
  }

  private static List<Long> from(long first) {
    return LongStream.range(first, RECORDS).boxed().toList();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldLeaveOutWhatItsOwnNoteCallsDone() throws Exception {
    noteOfARunFarAhead();
    assertThat(handledUntilCaughtUp()).containsExactly(0L);
    assertThat(ignored()).isEmpty();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReadOnWhereAnOperatorSetTheOffset() throws Exception {
    noteOfARunFarAhead();
    operator.resetOffset(group, partition, 10);
    assertThat(handledUntilCaughtUp()).isEqualTo(from(10));
    assertThat(ignored()).as("nothing stands there, and nothing is wrong with that").isEmpty();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNotBelieveANoteThatAMirrorCopiedBesideATranslatedOffset() throws Exception {
    String note = noteOfARunFarAhead();
    operator.commit(group, partition, 5, note);
    assertThat(handledUntilCaughtUp()).isEqualTo(from(5));
    assertThat(ignored()).containsExactly("OTHER_OFFSET");
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNotBelieveANoteOfAnotherClusterThoughTheOffsetIsTheSame() throws Exception {
    noteOfARunFarAhead();
    Note foreign =
        new Note(
            Identity.of("another-cluster", null),
            0,
            Mode.CLOSED,
            1,
            1_000,
            null,
            List.of(),
            List.of(),
            List.of(new OffsetRange(1, RECORDS)));
    operator.commit(group, partition, 0, NoteCodec.encode(foreign));
    assertThat(handledUntilCaughtUp()).isEqualTo(from(0));
    assertThat(ignored()).containsExactly("OTHER_CLUSTER");
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReadOnThoughSomethingForeignOrDamagedStandsBesideTheOffset() throws Exception {
    String note = noteOfARunFarAhead();
    int middle = note.length() / 2;
    char other = note.charAt(middle) == 'A' ? 'B' : 'A';
    String damaged = note.substring(0, middle) + other + note.substring(middle + 1);
    operator.commit(group, partition, 0, damaged);
    assertThat(handledUntilCaughtUp()).isEqualTo(from(0));

    handled.clear();
    operator.commit(group, partition, 20, "{\"written by\": \"another tool\"}");
    assertThat(handledUntilCaughtUp()).isEqualTo(from(20));
    assertThat(ignored()).containsExactly("DAMAGED", "FOREIGN");
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReadOnBesideANewerWriterAndLeaveItANoteThatItCanRead() throws Exception {
    String note = noteOfARunFarAhead();
    operator.commit(group, partition, 0, note.replaceFirst("^sc1:", "sc2:"));
    assertThat(handledUntilCaughtUp()).isEqualTo(from(0));
    assertThat(ignored()).containsExactly("UNKNOWN_VERSION");
    assertThat(operator.metadata(group, partition)).startsWith("sc1:");
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldStartAtTheBeginningOfATopicThatWasCreatedAgainWhileNobodyOwnedIt() throws Exception {
    String note = noteOfARunFarAhead();
    operator.delete(partition.topic());
    Topics.createNamed(KAFKA, partition.topic(), 1, java.util.Map.of());
    try (Producer<String, String> producer = Clients.producer(KAFKA)) {
      for (int i = 0; i < RECORDS; i++) {
        producer.send(new ProducerRecord<>(partition.topic(), "key-" + i, "new")).get(10, SECONDS);
      }
    }
    operator.commit(group, partition, 0, note); // brokers may keep offsets of a deleted topic
    assertThat(handledUntilCaughtUp())
        .isEqualTo(IntStream.range(0, RECORDS).mapToObj(Long::valueOf).toList());
    assertThat(ignored()).containsExactly("OTHER_TOPIC");
  }

  private SafeConsumer<String, String> consumer() {
    return SafeConsumer.<String, String>builder()
        .kafka("bootstrap.servers", KAFKA)
        .kafka("group.id", group)
        .kafka("auto.offset.reset", "earliest")
        .topics(partition.topic())
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .ordering(Ordering.KEY)
        .concurrency(8)
        .retry(
            RetryPolicy.fixed(Duration.ofMillis(200))
                .maxAttempts(100_000)
                .maxElapsed(Duration.ofDays(1)))
        .deadLetter(DeadLetterPolicy.none())
        .listener(events)
        .handler(
            RecordHandler.of(
                (record, context) -> {
                  if (record.offset() == 0 && failing) {
                    throw new IllegalStateException("not yet");
                  }
                  handled.add(record.offset());
                }))
        .build();
  }
}
