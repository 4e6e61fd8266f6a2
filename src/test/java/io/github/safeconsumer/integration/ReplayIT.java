package io.github.safeconsumer.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetter.Reason;
import io.github.safeconsumer.DeadLetterFilter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.ReplayOptions;
import io.github.safeconsumer.ReplayReport;
import io.github.safeconsumer.ReplayReport.Ending;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.LetterTopic;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Dead letters that are sent on: what arrives, and that it does not arrive twice. */
class ReplayIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final String COMMITTED = "read_committed";

  private final String id = Topics.uniqueName("replay");
  private final Operator operator = new Operator(KAFKA);
  private TopicPartition origin;
  private LetterTopic topic;
  private DeadLetters letters;

  @BeforeEach
  void open() {
    origin = new TopicPartition(Topics.create(KAFKA, "orders", 4), 3);
    topic = new LetterTopic(KAFKA, Topics.create(KAFKA, "dead", 2));
    letters = DeadLetters.open(Map.of("bootstrap.servers", KAFKA), topic.name());
  }

  @AfterEach
  void close() {
    letters.close();
    topic.close();
    operator.close();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSendARecordBackAsItWasToThePartitionItWasReadFrom() {
    topic.write(
        0,
        List.of(
            letter("key", LetterTopic.bytes("value"), 7),
            letter(null, LetterTopic.bytes("no key"), 8),
            letter("tombstone", null, 9)));

    ReplayReport report = letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id));

    assertThat(report.clean()).as(report.toString()).isTrue();
    assertThat(report.sent()).isEqualTo(3);
    assertThat(report.targets()).isEqualTo(Map.of(origin.topic(), 3L));
    List<ConsumerRecord<byte[], byte[]>> back = topic.readAll(origin.topic(), COMMITTED);
    assertThat(back).extracting(ConsumerRecord::partition).containsOnly(3);
    assertThat(back)
        .extracting(r -> LetterTopic.text(r.key()))
        .containsExactly("key", null, "tombstone");
    assertThat(back)
        .extracting(r -> LetterTopic.text(r.value()))
        .containsExactly("value", "no key", null);
    ConsumerRecord<byte[], byte[]> first = back.get(0);
    assertThat(Instant.ofEpochMilli(first.timestamp()))
        .as("when it was sent again, so that retention does not remove it at once")
        .isAfter(Instant.now().minusSeconds(600));
    assertThat(first.headers().toArray())
        .extracting(Header::key)
        .containsExactly(
            "trace",
            "safeconsumer.dlt.version",
            "safeconsumer.dlt.id",
            "safeconsumer.dlt.origin.topic",
            "safeconsumer.dlt.origin.partition",
            "safeconsumer.dlt.origin.offset",
            "safeconsumer.dlt.origin.timestamp",
            "safeconsumer.dlt.replay");
    assertThat(new String(first.headers().lastHeader("trace").value(), UTF_8)).isEqualTo("t7");
    try (DeadLetters ofOrigin =
        DeadLetters.open(Map.of("bootstrap.servers", KAFKA), origin.topic())) {
      assertThat(ofOrigin.list(DeadLetterFilter.all(), 9).foreign())
          .as("a replayed record is no dead letter any more")
          .isEqualTo(3);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldKeepTheOrderOfAKeyAndChooseAPartitionWhereTheOriginHasFewer() {
    TopicPartition beyond = new TopicPartition(origin.topic(), 40);
    topic.fill(beyond, 30);

    assertThat(letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id)).sent()).isEqualTo(30);

    List<ConsumerRecord<byte[], byte[]>> back = topic.readAll(origin.topic(), COMMITTED);
    for (int key = 0; key < 3; key++) {
      String wanted = "k" + key;
      int residue = key;
      List<ConsumerRecord<byte[], byte[]>> ofKey =
          back.stream().filter(r -> wanted.equals(LetterTopic.text(r.key()))).toList();
      assertThat(ofKey)
          .extracting(ConsumerRecord::partition)
          .containsOnly(ofKey.get(0).partition());
      assertThat(ofKey)
          .extracting(r -> LetterTopic.text(r.value()))
          .containsExactly(
              IntStream.range(0, 30)
                  .filter(i -> i % 3 == residue)
                  .mapToObj(i -> "v" + i)
                  .toArray(String[]::new));
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSendNothingASecondTimeNorWhatCameAfterTheIdBegan() {
    topic.fill(origin, 20);
    ReplayOptions options = ReplayOptions.id(id);
    assertThat(letters.replay(DeadLetterFilter.all(), options).sent()).isEqualTo(20);

    topic.fill(origin, 20, 30, letter -> letter);
    ReplayReport again = letters.replay(DeadLetterFilter.all(), options);

    assertThat(again.resumed()).isTrue();
    assertThat(again.ending()).isEqualTo(Ending.COMPLETE);
    assertThat(again.sent()).isZero();
    assertThat(topic.readAll(origin.topic(), COMMITTED)).hasSize(20);
    assertThat(letters.replay(DeadLetterFilter.failedFrom(time(20)), ReplayOptions.id(id + "-2")))
        .extracting(ReplayReport::sent)
        .isEqualTo(10L);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldPromiseInADryRunWhatItThenDoesAndStoreNothing() {
    topic.fill(origin, 12);
    topic.writeForeign(1, "not a dead letter");
    topic.write(
        1, List.of(letter("cut", LetterTopic.bytes("v"), 50).withTruncated(Map.of("value", 9))));
    ReplayOptions options = ReplayOptions.id(id).limit(11);

    ReplayReport dry = letters.replay(DeadLetterFilter.all(), options.dryRun());

    assertThat(topic.readAll(origin.topic(), "read_uncommitted")).isEmpty();
    assertThat(operator.committed("safeconsumer-replay-" + id)).isEmpty();
    ReplayReport real = letters.replay(DeadLetterFilter.all(), options);
    assertThat(dry.sent()).isEqualTo(real.sent()).isEqualTo(11);
    assertThat(dry.targets()).isEqualTo(real.targets());
    assertThat(dry.ending()).isEqualTo(real.ending()).isEqualTo(Ending.LIMITED);
    assertThat(letters.replay(DeadLetterFilter.all(), options.dryRun()).sent())
        .as("what is left of this id")
        .isEqualTo(1);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldGoOnBehindItsLimit() {
    topic.fill(origin, 25);
    ReplayOptions options = ReplayOptions.id(id).limit(10);

    assertThat(letters.replay(DeadLetterFilter.all(), options).ending()).isEqualTo(Ending.LIMITED);
    assertThat(letters.replay(DeadLetterFilter.all(), options).sent()).isEqualTo(10);
    ReplayReport last = letters.replay(DeadLetterFilter.all(), options);

    assertThat(last.sent()).isEqualTo(5);
    assertThat(last.ending()).isEqualTo(Ending.COMPLETE);
    assertThat(topic.readAll(origin.topic(), COMMITTED))
        .extracting(r -> LetterTopic.text(r.value()))
        .containsExactly(IntStream.range(0, 25).mapToObj(i -> "v" + i).toArray(String[]::new));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldRefuseAndCountWhatIsNotWhole() {
    topic.fill(origin, 3);
    topic.write(
        0,
        List.of(
            letter("a", LetterTopic.bytes("half"), 50).withTruncated(Map.of("value", 4_000_000)),
            letter("b", LetterTopic.bytes("v"), 51).withTruncated(Map.of("headers", 3)),
            letter("c", LetterTopic.bytes("whole"), 52).withTruncated(Map.of("stack", 9_000))));

    ReplayReport report = letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id));

    assertThat(report.sent()).as("a stack is not of the record").isEqualTo(4);
    assertThat(report.clean()).isFalse();
    assertThat(report.refusals())
        .extracting(ReplayReport.Refusal::place)
        .containsExactly(topic.name() + "-0@3", topic.name() + "-0@4");
    assertThat(report.refused().keySet())
        .anyMatch(reason -> reason.contains("(value)"))
        .anyMatch(reason -> reason.contains("(headers)"));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSendTheOthersWhereTheTargetRefusesOne() {
    String small = Topics.create(KAFKA, "small", 1, Map.of("max.message.bytes", "20000"));
    byte[] random = new byte[50_000];
    new java.util.Random(42).nextBytes(random);
    topic.fill(origin, 3);
    topic.write(0, List.of(letter("large", random, 50)));
    topic.fill(origin, 3, 6, letter -> letter);

    ReplayReport report =
        letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id).toTopic(small));

    assertThat(report.sent()).isEqualTo(6);
    assertThat(report.refused().values()).containsExactly(1L);
    assertThat(String.join("", report.refused().keySet())).contains("RecordTooLargeException");
    assertThat(topic.readAll(small, COMMITTED)).hasSize(6);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSendALetterThatWasWrittenTwiceOnce() {
    topic.fill(origin, 5);
    topic.fill(origin, 5);

    ReplayReport report = letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id));

    assertThat(report.sent()).isEqualTo(5);
    assertThat(report.duplicates()).isEqualTo(5);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldRefuseAnIdThatBelongsToSomethingElse() {
    String other = Topics.create(KAFKA, "other", 1);
    topic.fill(origin, 3);
    ReplayOptions options = ReplayOptions.id(id);
    letters.replay(DeadLetterFilter.topic(origin.topic()), options);

    assertThatThrownBy(() -> letters.replay(DeadLetterFilter.all(), options))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("filter=all", "topic=" + origin.topic(), "another id");
    assertThatThrownBy(
            () -> letters.replay(DeadLetterFilter.topic(origin.topic()), options.toTopic(other)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("ReplayOptions.toTopic=" + other, "the origin");
    assertThatThrownBy(() -> letters.replay(letter -> true, options))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("(no text)");
    assertThat(letters.replay(letter -> true, options.filterText("topic=" + origin.topic())).sent())
        .isZero();
    assertThat(topic.readAll(origin.topic(), COMMITTED)).hasSize(3);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldRefuseTargetsThatCannotBe() {
    topic.fill(origin, 1);
    topic.write(1, List.of(LetterTopic.letter(new TopicPartition("gone-" + id, 0), 9, null)));

    assertThatThrownBy(
            () ->
                letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id).toTopic(topic.name())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("without end");
    assertThatThrownBy(
            () ->
                letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id).toTopic("none-" + id)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("there is no such topic");
    ReplayReport report = letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id));
    assertThat(report.sent()).isEqualTo(1);
    assertThat(report.refused().keySet()).anyMatch(r -> r.contains("no topic gone-" + id));
    assertThat(operator.topics()).as("asking creates none").doesNotContain("gone-" + id);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSayThatAPartitionCameLaterAndWhatRetentionTook() {
    topic.fill(origin, 5);
    letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id).limit(1));
    operator.growTo(topic.name(), 3);
    operator.deleteRecords(new TopicPartition(topic.name(), 0), 3);

    ReplayReport report = letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id));

    assertThat(report.sent()).isEqualTo(2);
    assertThat(report.warnings())
        .anyMatch(w -> w.contains(topic.name() + "-2 was added"))
        .anyMatch(w -> w.contains("removed 2 offsets of " + topic.name() + "-0"));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNameTheOtherGroupsThatReadTheTarget() throws Exception {
    topic.fill(origin, 2);
    String shipping = Topics.uniqueName("shipping");
    String audit = Topics.uniqueName("audit");
    operator.commit(shipping, origin, 0, "");
    try (SafeConsumer<String, String> member =
        Consumers.strings(KAFKA, audit, origin.topic(), Journal.noOp()).build()) {
      assertThat(member.start().get(30, SECONDS).applied()).isTrue();

      ReplayReport report = letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id).dryRun());

      assertThat(report.otherReaders().get(origin.topic())).containsExactly(audit, shipping);
      assertThat(report.warnings()).anyMatch(w -> w.contains("also read by " + audit));
    }
  }

  /** From the failure to the mended handler, and a second death of one of the records. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldBeHandledOnceMendedAndKeepItsHistoryIfItFailsAgain() throws Exception {
    String group = Topics.uniqueName("group");
    Clients.produce(KAFKA, origin.topic(), "bad-0", "bad-1", "good");
    DeadLetterPolicy policy = DeadLetterPolicy.toTopic(topic.name());
    Journal<String> failing =
        new Journal<>(
            (record, context) -> {
              if (record.value().startsWith("bad")) {
                throw new NonRetryableException("not yet");
              }
            });
    try (SafeConsumer<String, String> broken =
        Consumers.strings(KAFKA, group, origin.topic(), failing).deadLetter(policy).build()) {
      broken.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> broken.status().deadLettered() == 2);
    }
    DeadLetter first = letters.list(l -> true, 1).entries().get(0).letter();
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.value().equals("bad-1")) {
                throw new NonRetryableException("still");
              }
            });
    try (SafeConsumer<String, String> mended =
        Consumers.strings(KAFKA, group, origin.topic(), journal).deadLetter(policy).build()) {
      mended.start().get(30, SECONDS);
      ReplayReport report = letters.replay(DeadLetterFilter.group(group), ReplayOptions.id(id));
      assertThat(report.sent()).isEqualTo(2);
      assertThat(report.otherReaders()).as("its own group is no other one").isEmpty();
      await().atMost(SOON).until(() -> mended.status().deadLettered() == 1);
      await().atMost(SOON).until(() -> journal.finished().size() == 1);
    }
    assertThat(journal.finished()).extracting("value").containsExactly("bad-0");
    List<DeadLetter> again =
        letters.list(l -> l.history().isPresent(), 9).entries().stream()
            .map(Entry::letter)
            .toList();
    assertThat(again).hasSize(1);
    assertThat(again.get(0).origin().partition()).isEqualTo(0);
    assertThat(again.get(0).history().orElseThrow().times()).isEqualTo(1);
    assertThat(again.get(0).history().orElseThrow().firstOffset()).isEqualTo(1);
    assertThat(first.history()).isEmpty();
  }

  private DeadLetter letter(String key, byte[] value, long offset) {
    return LetterTopic.letter(
        LetterTopic.record(origin, offset, key, value),
        Reason.EXHAUSTED,
        new IllegalStateException("no"));
  }

  private static Instant time(int minutes) {
    return LetterTopic.letter(new TopicPartition("any", 0), minutes, null).lastFailure();
  }
}
