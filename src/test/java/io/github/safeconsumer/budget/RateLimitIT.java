package io.github.safeconsumer.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rate limit holds for every attempt, over all partitions, and can be changed meanwhile. */
@Timeout(180)
class RateLimitIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LATENCY = Duration.ofMillis(5);
  private static final int PARTITIONS = 3;
  private static final int RECORDS = 2_000;
  private static final int MORE = 240;
  private static final double RATE = 200;
  private static final double LOWER_RATE = 80;

  private final String brokers = SharedKafka.bootstrapServers();
  private final String topic = Topics.create(brokers, "rate", PARTITIONS);
  private final Handled handled = new Handled(Ordering.KEY);

  @Test
  void shouldStartNoMoreThanTheRateInForceAllows() throws Exception {
    Load.fill(brokers, topic, PARTITIONS, RECORDS);
    try (Hiccups hiccups = new Hiccups();
        SafeConsumer<String, String> consumer = consumer()) {
      long began = System.nanoTime();
      Outcome joined = consumer.start().get(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(joined.applied()).as(joined.toString()).isTrue();
      await().atMost(SOON).until(() -> handled.started() >= 4 * RATE);
      assertThat(consumer.status().budget().maxRecordsPerSecond()).hasValue(RATE);
      List<Handled.Attempt> limited = handled.attempts();
      show("200 a second", limited, hiccups);
      Starts.of(limited).checkAgainst(RATE, began, hiccups.longest());
      checkThatPartitionsGoOnAlike(limited);
      assertThat(consumer.status().attemptsFailed()).as("retries, which count").isPositive();

      consumer.maxRecordsPerSecond(Double.POSITIVE_INFINITY);
      assertThat(consumer.status().budget().maxRecordsPerSecond()).isEmpty();
      await().atMost(SOON).until(() -> consumer.status().handled() == RECORDS);

      int before = handled.started();
      consumer.maxRecordsPerSecond(LOWER_RATE);
      long lowered = System.nanoTime();
      Load.fill(brokers, topic, PARTITIONS, MORE);
      await().atMost(SOON).until(() -> consumer.status().handled() == RECORDS + MORE);
      List<Handled.Attempt> lower = handled.attempts().subList(before, handled.started());
      show("80 a second", lower, hiccups);
      Starts.of(lower).checkAgainst(LOWER_RATE, lowered, hiccups.longest());
    }
    assertThat(handled.distinct()).isEqualTo(RECORDS + MORE);
    assertThat(handled.duplicates()).isZero();
  }

  private static void show(String what, List<Handled.Attempt> attempts, Hiccups hiccups) {
    System.out.printf(
        "FIGURES rate limit %s: %d starts, at most %d in any second, %.1f a second on average;"
            + " by partition %s; the machine stood still for up to %d ms%n",
        what,
        attempts.size(),
        Starts.of(attempts).mostInASecond(),
        Starts.of(attempts).average(),
        byPartition(attempts),
        hiccups.longest().toMillis());
  }

  private static void checkThatPartitionsGoOnAlike(List<Handled.Attempt> attempts) {
    double fair = attempts.size() / (double) PARTITIONS;
    assertThat(byPartition(attempts)).hasSize(PARTITIONS);
    byPartition(attempts)
        .forEach(
            (partition, starts) ->
                assertThat((double) starts)
                    .as("starts of partition " + partition)
                    .isBetween(fair / 1.5, fair * 1.5));
  }

  private static Map<Integer, Long> byPartition(List<Handled.Attempt> attempts) {
    return attempts.stream()
        .collect(Collectors.groupingBy(Handled.Attempt::partition, Collectors.counting()));
  }

  private SafeConsumer<String, String> consumer() {
    return Consumers.strings(
            brokers, Topics.uniqueName("group"), topic, RecordHandler.of(this::handle))
        .ordering(Ordering.KEY)
        .concurrency(16)
        .maxRecordsPerSecond(RATE)
        .build();
  }

  private void handle(ConsumerRecord<String, String> record, RecordContext context) {
    Handled.Attempt attempt = handled.begin(record, LATENCY);
    Work.lasting(LATENCY);
    if (record.offset() % 10 == 3 && context.attempt() == 1) {
      handled.fail(attempt);
      throw new IllegalStateException("one of ten fails at first");
    }
    handled.end(List.of(attempt));
  }
}
