package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Partitions that are given up cleanly while a few early records wait for their retry and thousands
 * behind them are done: none is handled again, none is lost.
 */
@Timeout(240)
class CleanRestartIT {
  /** How a partition changes hands. */
  enum Handover {
    CLOSE,
    SUSPEND,
    SIBLING
  }

  private static final String BROKERS = SharedKafka.bootstrapServers();

  private final Admin admin = Clients.admin(BROKERS);
  private final String group = Topics.uniqueName("group");
  private final List<SafeConsumer<String, String>> members = new ArrayList<>();
  private LongPredicate held = offset -> false;
  private volatile boolean letGo;

  private final Journal<String> journal =
      new Journal<>(
          (record, context) -> {
            if (held.test(record.offset()) && !letGo) {
              throw new IllegalStateException("held back");
            }
          });

  @AfterEach
  void end() {
    members.forEach(SafeConsumer::close);
    admin.close();
  }

  static Stream<Arguments> handovers() {
    return Stream.of(Ordering.KEY, Ordering.UNORDERED)
        .flatMap(order -> Stream.of(Handover.values()).map(way -> Arguments.of(order, way)));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("handovers")
  void shouldRepeatNothingThoughTheLedgerIsFarAhead(Ordering ordering, Handover way)
      throws Exception {
    int partitions = 4;
    int records = 8_000;
    String topic = Topics.create(BROKERS, "ahead", partitions);
    held = offset -> offset == 0 || offset == 100 || offset == 1_000;
    Clients.fill(BROKERS, topic, partitions, records);
    SafeConsumer<String, String> first = join(topic, ordering);
    soon().until(() -> journal.distinct() == records - 3 * partitions);
    assertThat(Consumers.committedInAll(admin, group)).as("held at the first records").isZero();

    handOver(first, topic, ordering, way);
    letGo = true;
    soon().until(() -> Consumers.committedInAll(admin, group) == records);
    assertThat(journal.distinct()).isEqualTo(records);
    assertThat(journal.duplicates()).isZero();
    assertNumbersGoOn();
  }

  /** The note of each partition has the less room, the more of them there are. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(ints = {30, 300})
  void shouldRepeatNothingOfManyPartitions(int partitions) throws Exception {
    int records = partitions * 60;
    String topic = Topics.create(BROKERS, "many", partitions);
    held = offset -> offset % 10 == 0;
    Clients.fill(BROKERS, topic, partitions, records);
    SafeConsumer<String, String> first = join(topic, Ordering.KEY);
    soon().until(() -> journal.distinct() == records - 6L * partitions);

    handOver(first, topic, Ordering.KEY, Handover.CLOSE);
    letGo = true;
    soon().until(() -> Consumers.committedInAll(admin, group) == records);
    assertThat(journal.distinct()).isEqualTo(records);
    assertThat(journal.duplicates()).isZero();
    assertNumbersGoOn();
  }

  /** More records wait for a retry than a note can name. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(ints = {1, 300})
  void shouldTakeNoMoreRatherThanForgetWhenTheNoteIsFull(int partitions) throws Exception {
    int records = 6_000;
    int used = Math.min(2, partitions); // the others only take their share of the room
    String topic = Topics.create(BROKERS, "full", partitions);
    held = offset -> offset % 3 != 1; // two of three wait: ranges and counts of no regular pattern
    Clients.fill(BROKERS, topic, used, records);
    SafeConsumer<String, String> first = join(topic, Ordering.KEY);
    long begun = settled();
    System.out.printf(
        "FIGURES notes full, %d partitions owned, %d of them with %d records: %d begun, then no"
            + " more%n",
        partitions, used, records, begun);
    assertThat(begun).as("else nothing was full").isLessThan(records);

    handOver(first, topic, Ordering.KEY, Handover.CLOSE);
    letGo = true;
    soon().until(() -> Consumers.committedInAll(admin, group) == records);
    assertThat(journal.distinct()).isEqualTo(records);
    assertThat(journal.duplicates()).isZero();
    assertNumbersGoOn();
  }

  /** How many different records have begun once no more do, though each of them was tried again. */
  private long settled() {
    long[] before = {-1, 0};
    soon()
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              long begun = journal.started().size();
              long distinct = begunRecords();
              boolean same = distinct == before[0] && begun > before[1];
              before[0] = distinct;
              before[1] = begun;
              return same;
            });
    return before[0];
  }

  private long begunRecords() {
    return journal.started().stream().map(e -> e.partition() + "@" + e.offset()).distinct().count();
  }

  /** No record is told the same attempt number twice, and none is left out. */
  private void assertNumbersGoOn() {
    Map<String, Integer> attempts = new HashMap<>();
    for (Journal.Entry entry : journal.started()) {
      String record = entry.partition() + "@" + entry.offset();
      assertThat(entry.attempt())
          .as("attempt of " + record)
          .isEqualTo(attempts.getOrDefault(record, 0) + 1);
      attempts.put(record, entry.attempt());
    }
  }

  private void handOver(
      SafeConsumer<String, String> from, String topic, Ordering ordering, Handover way)
      throws Exception {
    switch (way) {
      case CLOSE -> {
        closeClean(from);
        join(topic, ordering);
      }
      case SUSPEND -> {
        applied(from.suspend());
        applied(from.resume());
      }
      case SIBLING -> {
        SafeConsumer<String, String> sibling = join(topic, ordering);
        soon().until(() -> sibling.status().partitions().size() == 2);
        closeClean(from);
      }
    }
  }

  private SafeConsumer<String, String> join(String topic, Ordering ordering) throws Exception {
    SafeConsumer<String, String> member =
        Consumers.strings(BROKERS, group, topic, journal)
            .kafka(GroupProtocol.COOPERATIVE.settings(0))
            .ordering(ordering)
            .concurrency(16)
            .retry(
                RetryPolicy.fixed(Duration.ofSeconds(2))
                    .maxAttempts(1_000)
                    .maxElapsed(Duration.ofHours(1)))
            .build();
    members.add(member);
    applied(member.start());
    return member;
  }

  private static void closeClean(SafeConsumer<String, String> member) {
    CloseReport report = member.close(Duration.ofSeconds(20));
    assertThat(report.clean()).as(report.toString()).isTrue();
  }

  private static void applied(CompletableFuture<Outcome> answer) throws Exception {
    Outcome outcome = answer.get(60, TimeUnit.SECONDS);
    assertThat(outcome.applied()).as(outcome.toString()).isTrue();
  }

  private static ConditionFactory soon() {
    return await()
        .atMost(Duration.ofSeconds(90))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100));
  }
}
