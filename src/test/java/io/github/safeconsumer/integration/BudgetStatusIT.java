package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.BudgetStatus;
import io.github.safeconsumer.BudgetStatus.TopicLatency;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.SafeConsumerEvent.BudgetChanged;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The budget that the status shows is that of the work which is being done. */
@Timeout(180)
class BudgetStatusIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration HANDLING = Duration.ofMillis(20);
  private static final int CONCURRENCY = 4;
  private static final int POLLED_AT_ONCE = 5_000;

  /** What is shown covers the last seven tenths of it. */
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(10);

  private static final Duration WINDOW = Duration.ofSeconds(7);

  /** Six seconds of work: what the joining took has next to left the window by then. */
  private static final int RECORDS = 1_200;

  private final String brokers = SharedKafka.bootstrapServers();

  @Test
  void shouldShowLatencyLoadAndAdviceOfTheWorkThatIsBeingDone() throws Exception {
    String topic = Topics.create(brokers, "budget", 2);
    Clients.fill(brokers, topic, 2, RECORDS);
    Journal<String> journal = new Journal<>((record, context) -> Work.lasting(HANDLING));
    List<BudgetStatus> seen = new ArrayList<>();
    try (WatchedConsumer consumer =
        new WatchedConsumer(brokers, Topics.uniqueName("group"), journal, topic)
            .with("max.poll.interval.ms", (int) POLL_INTERVAL.toMillis())
            .with("max.poll.records", POLLED_AT_ONCE)
            .concurrency(CONCURRENCY)) {
      consumer.settings().ordering = Ordering.KEY;
      consumer.join();
      await("all is handled")
          .atMost(SOON)
          .until(
              () -> {
                seen.add(consumer.status().budget());
                return journal.finished().size() == RECORDS;
              });

      assertThat(seen).allMatch(budget -> budget.admitted() <= budget.records());
      assertThat(seen).anyMatch(budget -> budget.admitted() >= CONCURRENCY);
      assertThat(seen).anyMatch(budget -> budget.buffered() > 0);
      assertThat(seen)
          .as("the lag, and how long it takes")
          .anyMatch(budget -> budget.timeToDrain().filter(time -> !time.isZero()).isPresent());
      assertThat(seen).anyMatch(budget -> budget.utilisation() > 0.5);
      assertShowsTheHandler(topic, consumer.status().budget());
      assertThat(consumer.status().toJson()).contains("\"recommendedMaxPollRecords\":");

      await("nothing is left, and that is forgotten")
          .atMost(SOON)
          .until(
              () -> {
                BudgetStatus budget = consumer.status().budget();
                return budget.utilisation() < 0.01
                    && budget.admitted() == 0
                    && budget.timeToDrain().filter(Duration::isZero).isPresent();
              });
      BudgetChanged told = consumer.events(BudgetChanged.class).get(0);
      assertThat(told.maxPollRecords()).isEqualTo(POLLED_AT_ONCE);
      assertThat(told.recommendedMaxPollRecords()).isLessThan(POLLED_AT_ONCE);
      assertThat(told.sum()).startsWith(POLLED_AT_ONCE + " records");

      consumer.suspend();
      assertThat(consumer.status().budget().parallelism()).isZero();
      assertThat(consumer.status().budget().records()).isZero();
    }
  }

  private static void assertShowsTheHandler(String topic, BudgetStatus budget) {
    TopicLatency latency = budget.latencies().get(0);
    assertThat(budget.latencies()).hasSize(1);
    assertThat(latency.topic()).isEqualTo(topic);
    assertThat(latency.samples()).isBetween(20L, (long) RECORDS);
    assertThat(latency.p50()).isBetween(HANDLING.dividedBy(2), HANDLING.multipliedBy(4));
    assertThat(latency.p95()).isGreaterThanOrEqualTo(latency.p50());
    assertThat(latency.p99()).isGreaterThanOrEqualTo(latency.p95());
    assertThat(latency.assumed()).isGreaterThanOrEqualTo(latency.p95());
    assertThat(budget.window()).isEqualTo(WINDOW);
    assertThat(budget.parallelism()).isEqualTo(CONCURRENCY);
    assertThat(budget.maxPollRecords()).isEqualTo(POLLED_AT_ONCE);
    assertThat(budget.recommendedMaxPollRecords()).isBetween(1, POLLED_AT_ONCE - 1);
    assertThat(budget.recommendedInterval()).isGreaterThan(POLL_INTERVAL);
    assertThat(budget.sum()).startsWith(POLLED_AT_ONCE + " records").contains(" over ");
    assertThat(budget.maxRecordsPerSecond()).isEmpty();
  }
}
