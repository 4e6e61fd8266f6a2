package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetter.Reason;
import io.github.safeconsumer.DeadLetterFilter;
import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.DeadLetters.Listing;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.LetterTopic;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What an operator sees of a dead-letter topic. */
class DeadLettersIT {
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final TopicPartition ORIGIN = new TopicPartition("orders", 3);

  private LetterTopic topic;
  private DeadLetters letters;

  @BeforeEach
  void open() {
    topic = new LetterTopic(KAFKA, Topics.create(KAFKA, "dead", 2));
    // A service's own settings, with what a look at the topic must not use.
    letters =
        DeadLetters.open(
            Map.of(
                "bootstrap.servers", KAFKA,
                "group.id", "fulfilment",
                "key.deserializer", "com.example.Missing",
                "auto.offset.reset", "latest",
                "max.poll.records", "7"),
            topic.name());
  }

  @AfterEach
  void close() {
    letters.close();
    topic.close();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldListTheOldestThatMatchAndCountTheOthers() {
    topic.fill(ORIGIN, 40);
    topic.writeForeign(1, "not a dead letter");
    topic.write(1, List.of(LetterTopic.letter(ORIGIN, 100, new IllegalStateException("late"))));

    Listing listing = letters.list(DeadLetterFilter.topic("orders"), 30);

    assertThat(listing.read()).isEqualTo(42);
    assertThat(listing.foreign()).isEqualTo(1);
    assertThat(listing.matched()).isEqualTo(41);
    assertThat(listing.entries())
        .extracting(e -> e.letter().offset())
        .as("over both partitions, by the time they were written")
        .containsExactlyElementsOf(LongStream.range(0, 30).boxed().toList());
    Entry first = listing.entries().get(0);
    assertThat(first.place()).isEqualTo(topic.name() + "-0@0");
    assertThat(first.writtenAt()).isBetween(Instant.now().minusSeconds(600), Instant.now());
    assertThat(letters.list(DeadLetterFilter.all(), 0).matched()).isEqualTo(41);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldFindWhatEachFilterAsksFor() {
    DeadLetter plain = LetterTopic.letter(ORIGIN, 1, new IllegalStateException("a"));
    DeadLetter wrapped =
        LetterTopic.letter(
            LetterTopic.record(new TopicPartition("returns", 0), 2, null, null),
            Reason.NON_RETRYABLE,
            new IllegalArgumentException(new java.util.concurrent.TimeoutException("slow")));
    topic.write(0, List.of(plain, wrapped));

    assertThat(found(DeadLetterFilter.topic("returns"))).containsExactly(wrapped);
    assertThat(found(DeadLetterFilter.exception("TIMEOUT"))).containsExactly(wrapped);
    assertThat(found(DeadLetterFilter.exception(IllegalStateException.class)))
        .containsExactly(plain);
    assertThat(found(DeadLetterFilter.reason(Reason.NON_RETRYABLE, Reason.HUNG)))
        .containsExactly(wrapped);
    assertThat(found(DeadLetterFilter.failedFrom(wrapped.lastFailure()))).containsExactly(wrapped);
    assertThat(found(DeadLetterFilter.failedBefore(wrapped.lastFailure()))).containsExactly(plain);
    assertThat(found(DeadLetterFilter.offsets(ORIGIN, 0, 1))).containsExactly(plain);
    assertThat(found(DeadLetterFilter.group("other"))).isEmpty();
    assertThat(found(DeadLetterFilter.id(plain.id()).negate())).containsExactly(wrapped);
  }

  private List<DeadLetter> found(DeadLetterFilter filter) {
    return letters.list(filter, 10).entries().stream().map(Entry::letter).toList();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldFindALetterByItsIdAndByItsPlace() {
    topic.fill(ORIGIN, 5);
    topic.writeForeign(0, "not a dead letter");
    DeadLetter wanted = LetterTopic.letter(ORIGIN, 3, new IllegalStateException("no 3"));

    assertThat(letters.find(wanted.id()))
        .extracting(Entry::place)
        .containsExactly(topic.name() + "-0@3");
    assertThat(letters.find(0, 3).orElseThrow().letter().id()).isEqualTo(wanted.id());
    assertThat(letters.find(0, 5)).as("no dead letter").isEmpty();
    assertThat(letters.find(0, 6)).as("behind the end").isEmpty();
    assertThat(letters.find(7, 0)).as("no such partition").isEmpty();
    assertThat(letters.find("unknown")).isEmpty();
  }

  /** The filter writes another letter for each that it sees, so a reader of all would never end. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldEndAtTheEndThatWasThereAtItsStart() {
    topic.fill(ORIGIN, 10);

    Listing listing =
        letters.list(
            letter -> {
              topic.fill(ORIGIN, 1);
              return true;
            },
            100);

    assertThat(listing.matched()).isEqualTo(10);
    assertThat(letters.list(DeadLetterFilter.all(), 0).matched()).isEqualTo(20);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldLeaveNoTraceInAnyGroup() throws Exception {
    topic.fill(ORIGIN, 5);
    try (Admin admin = Clients.admin(KAFKA)) {
      assertThat(letters.list(DeadLetterFilter.all(), 10).entries()).hasSize(5);

      assertThat(admin.listConsumerGroupOffsets("fulfilment").partitionsToOffsetAndMetadata().get())
          .isEmpty();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSayThatTheTopicIsMissingAndNotCreateIt() {
    String missing = Topics.uniqueName("missing");
    try (DeadLetters none = DeadLetters.open(Map.of("bootstrap.servers", KAFKA), missing);
        Operator operator = new Operator(KAFKA)) {
      assertThatThrownBy(() -> none.list(DeadLetterFilter.all(), 1))
          .isInstanceOf(UnknownTopicOrPartitionException.class)
          .hasMessageContainingAll(missing, "check the name");
      assertThat(operator.topics()).doesNotContain(missing);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldRefuseSettingsThatCannotWorkNamingEach() {
    assertThatThrownBy(
            () -> DeadLetters.open(Map.of("bootstrap.servers", "broker", "ssl.protocol", 3), "a b"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("bootstrap.servers=broker", "port", "topic=a b", "Remedy");
    assertThatThrownBy(() -> DeadLetters.open(Map.of(), "dead"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("bootstrap.servers=unset");
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldEndWhatRunsWhenItIsClosed() {
    topic.fill(ORIGIN, 3);

    assertThatThrownBy(
            () ->
                letters.list(
                    letter -> {
                      Thread closer = new Thread(letters::close);
                      closer.start();
                      // It has asked once it waits for this one.
                      while (closer.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                      }
                      return true;
                    },
                    10))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> letters.list(DeadLetterFilter.all(), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("open the dead-letter topic again");
  }
}
