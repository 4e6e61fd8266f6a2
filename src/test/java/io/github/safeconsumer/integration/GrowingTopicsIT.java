package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions and topics that come while the consumer runs are read from their beginning. */
class GrowingTopicsIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String KAFKA = SharedKafka.bootstrapServers();

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#names")
  void shouldReadAddedPartitionsFromTheirBeginning(String protocol) throws Exception {
    String topic = Topics.create(KAFKA, "growing", 1);
    String group = Topics.uniqueName("group");
    Journal<String> journal = Journal.noOp();
    Clients.produce(KAFKA, topic, "a", "b", "c");
    try (Operator operator = new Operator(KAFKA);
        Producer<String, String> producer = Clients.producer(KAFKA);
        SafeConsumer<String, String> consumer =
            Consumers.strings(KAFKA, group, topic, journal)
                .kafka("group.protocol", protocol)
                .kafka("metadata.max.age.ms", 500)
                .build()) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> journal.distinct() == 3);

      operator.growTo(topic, 3);
      for (int i = 0; i < 20; i++) {
        producer.send(new ProducerRecord<>(topic, 1 + i % 2, "k", "new" + i)).get(30, SECONDS);
      }

      await().atMost(SOON).until(() -> journal.distinct() == 23);
      await()
          .atMost(SOON)
          .until(
              () ->
                  operator.committed(group, new TopicPartition(topic, 1)) == 10
                      && operator.committed(group, new TopicPartition(topic, 2)) == 10);
    }
    assertThat(journal.duplicates()).isZero();
  }

  /** The dead letters match the pattern; read, each would make another one, without end. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(strings = {"suffix", "toTopic"})
  void shouldNeverReadItsOwnDeadLettersAndPickUpNewTopicsOfThePattern(String kind)
      throws Exception {
    String mark = UUID.randomUUID().toString();
    String first = mark + "-orders-1";
    String second = mark + "-orders-2";
    boolean suffix = kind.equals("suffix");
    String dlt = suffix ? first + ".dlt" : mark + "-orders-dead";
    Topics.createNamed(KAFKA, first, 1, Map.of());
    Topics.createNamed(KAFKA, dlt, 1, Map.of());
    Journal<String> journal =
        new Journal<>(
            (record, context) -> {
              if (record.value().equals("bad")) {
                throw new NonRetryableException("bad");
              }
            });
    Clients.produce(KAFKA, first, "good", "bad", "good");
    try (SafeConsumer<String, String> consumer =
        Consumers.strings(KAFKA, Topics.uniqueName("group"), journal)
            .topics(Pattern.compile(mark + ".*orders.*"))
            .kafka("metadata.max.age.ms", 500)
            .deadLetter(suffix ? DeadLetterPolicy.suffix(".dlt") : DeadLetterPolicy.toTopic(dlt))
            .build()) {
      consumer.start().get(30, SECONDS);
      await().atMost(SOON).until(() -> consumer.status().deadLettered() == 1);

      Topics.createNamed(KAFKA, second, 1, Map.of());
      Clients.produce(KAFKA, second, "one", "two");
      await().atMost(SOON).until(() -> journal.distinct() == 4);

      assertThat(Clients.read(KAFKA, dlt, 1)).hasSize(1);
      assertThat(consumer.status().partitions())
          .extracting(p -> p.partition().topic())
          .containsExactlyInAnyOrder(first, second);
      assertThat(consumer.status().deadLettered()).isEqualTo(1);
    }
    assertThat(journal.started()).noneMatch(e -> e.partition().topic().equals(dlt));
  }

  /** Nothing matches at first: the consumer waits, and reads what comes. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldReadTopicsThatComeAfterTheStart() throws Exception {
    String mark = UUID.randomUUID().toString();
    Journal<String> journal = Journal.noOp();
    try (SafeConsumer<String, String> consumer =
        Consumers.strings(KAFKA, Topics.uniqueName("group"), journal)
            .topics(Pattern.compile(mark + ".*"))
            .kafka("metadata.max.age.ms", 500)
            .build()) {
      assertThat(consumer.start().get(30, SECONDS).applied()).isTrue();
      Topics.createNamed(KAFKA, mark + "-late", 1, Map.of());
      Clients.produce(KAFKA, mark + "-late", "a", "b");
      await().atMost(SOON).until(() -> journal.distinct() == 2);
    }
  }
}
