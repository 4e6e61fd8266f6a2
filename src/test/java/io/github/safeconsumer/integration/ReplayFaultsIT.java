package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterFilter;
import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.ReplayOptions;
import io.github.safeconsumer.ReplayReport;
import io.github.safeconsumer.ReplayReport.Ending;
import io.github.safeconsumer.support.ChildJvm;
import io.github.safeconsumer.support.Door;
import io.github.safeconsumer.support.LetterTopic;
import io.github.safeconsumer.support.SecureKafka;
import io.github.safeconsumer.support.SecureKafka.Permission;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Replays that die, meet each other, are closed, or may not. */
class ReplayFaultsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final int LETTERS = 1_200;

  private final String id = Topics.uniqueName("replay");

  private static String[] each(int letters) {
    return IntStream.range(0, letters).mapToObj(i -> "v" + i).toArray(String[]::new);
  }

  private static List<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(r -> LetterTopic.text(r.value())).toList();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSendEachRecordOnceThoughItsProcessDiedInATransaction() {
    TopicPartition origin = new TopicPartition(Topics.create(KAFKA, "orders", 1), 0);
    try (LetterTopic topic = new LetterTopic(KAFKA, Topics.create(KAFKA, "dead", 1));
        DeadLetters letters = DeadLetters.open(Map.of("bootstrap.servers", KAFKA), topic.name())) {
      topic.fill(origin, LETTERS);
      try (ChildJvm child = ChildJvm.start(ReplayingMain.class, KAFKA, topic.name(), id, "700")) {
        assertThat(child.awaitExit(SOON)).isEqualTo(ReplayingMain.EXIT);
      }

      ReplayReport rest = letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id));

      assertThat(rest.ending()).isEqualTo(Ending.COMPLETE);
      assertThat(rest.resumed()).isTrue();
      assertThat(rest.sent()).isBetween(1L, LETTERS - 1L);
      assertThat(values(topic.readAll(origin.topic(), "read_committed")))
          .containsExactly(each(LETTERS));
      assertThat(topic.readAll(origin.topic(), "read_uncommitted"))
          .as("the transaction that was broken off is there for those who do not care")
          .hasSizeGreaterThan(LETTERS);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldFenceTheFirstOfTwoWithTheSameId() throws Exception {
    TopicPartition origin = new TopicPartition(Topics.create(KAFKA, "orders", 1), 0);
    Door door = new Door();
    try (LetterTopic topic = new LetterTopic(KAFKA, Topics.create(KAFKA, "dead", 1));
        DeadLetters letters = DeadLetters.open(Map.of("bootstrap.servers", KAFKA), topic.name())) {
      topic.fill(origin, LETTERS);
      ReplayOptions options = ReplayOptions.id(id).filterText("all");
      CompletableFuture<ReplayReport> first =
          CompletableFuture.supplyAsync(
              () ->
                  letters.replay(
                      letter -> {
                        if (letter.offset() == 700) {
                          door.pass();
                        }
                        return true;
                      },
                      options));
      await().atMost(SOON).until(() -> door.inside() == 1);

      ReplayReport second = letters.replay(DeadLetterFilter.all(), options);
      door.open();
      ReplayReport fenced = first.get(60, SECONDS);

      assertThat(fenced.ending()).as(fenced.toString()).isEqualTo(Ending.FENCED);
      assertThat(fenced.problem()).contains("another replay with this id");
      assertThat(second.ending()).isEqualTo(Ending.COMPLETE);
      assertThat(fenced.sent() + second.sent()).isEqualTo(LETTERS);
      assertThat(values(topic.readAll(origin.topic(), "read_committed")))
          .containsExactly(each(LETTERS));
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldStopWhileItKeepsToItsRateAndDoTheRestLater() throws Exception {
    TopicPartition origin = new TopicPartition(Topics.create(KAFKA, "orders", 1), 0);
    try (LetterTopic topic = new LetterTopic(KAFKA, Topics.create(KAFKA, "dead", 1))) {
      topic.fill(origin, 3);
      DeadLetters letters = DeadLetters.open(Map.of("bootstrap.servers", KAFKA), topic.name());
      CompletableFuture<ReplayReport> slow =
          CompletableFuture.supplyAsync(
              () ->
                  letters.replay(
                      DeadLetterFilter.all(), ReplayOptions.id(id).maxRecordsPerSecond(0.001)));
      await().atMost(SOON).until(() -> topic.readAll(origin.topic(), "read_committed").size() == 1);
      letters.close();

      assertThat(slow.get(10, SECONDS).ending()).isEqualTo(Ending.STOPPED);
      try (DeadLetters again = DeadLetters.open(Map.of("bootstrap.servers", KAFKA), topic.name())) {
        assertThat(again.replay(DeadLetterFilter.all(), ReplayOptions.id(id)).sent()).isEqualTo(2);
      }
    }
  }

  /** docs/DEAD_LETTERS.md lists these permissions; each is taken away once. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNeedThePermissionsThatAreDocumentedAndSayWhichIsMissing() {
    SecureKafka kafka = SecureKafka.get();
    String target = Topics.create(kafka.plain(), "orders", 1);
    String user = Topics.uniqueName("replayer");
    kafka.addUser(user, "secret");
    String own = "safeconsumer-replay-" + id;
    try (LetterTopic topic =
            new LetterTopic(kafka.plain(), Topics.create(kafka.plain(), "dead", 1));
        DeadLetters letters = DeadLetters.open(kafka.scram(user, "secret"), topic.name())) {
      topic.fill(new TopicPartition(target, 0), 2);
      kafka.allow(
          "User:" + user,
          List.of(
              new Permission(ResourceType.TOPIC, topic.name(), AclOperation.READ),
              new Permission(ResourceType.GROUP, own, AclOperation.READ),
              new Permission(ResourceType.TOPIC, target, AclOperation.DESCRIBE)));
      ReplayReport noTransactions = letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id));
      assertThat(noTransactions.ending()).isEqualTo(Ending.FAILED);
      assertThat(noTransactions.problem()).contains("WRITE on the transactional id");

      kafka.allow(
          "User:" + user,
          List.of(new Permission(ResourceType.TRANSACTIONAL_ID, own, AclOperation.WRITE)));
      ReplayReport noTarget = letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id));
      assertThat(noTarget.ending()).isEqualTo(Ending.FAILED);
      assertThat(noTarget.problem()).contains("WRITE on the target topic");

      kafka.allow(
          "User:" + user, List.of(new Permission(ResourceType.TOPIC, target, AclOperation.WRITE)));
      ReplayReport all = letters.replay(DeadLetterFilter.all(), ReplayOptions.id(id));
      assertThat(all.sent()).as(all.toString()).isEqualTo(2);
      assertThat(all.warnings()).anyMatch(w -> w.contains("grant DESCRIBE on the cluster"));
    }
  }
}
