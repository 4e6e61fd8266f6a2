package io.github.safeconsumer.budget;

import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One latency in one order: a consumer works for a while, is closed in the middle, and another one
 * does the rest at once.
 */
final class Cell {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration WARM_UP = Duration.ofSeconds(1);
  private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(5);
  private static final int PARTITIONS = Latency.WORKERS;

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "cell", PARTITIONS);
  private final EventLog events = new EventLog();
  private final Latency latency;
  private final Ordering ordering;
  private final Duration time;
  private final int records;
  private final Handled handled;

  Cell(Latency latency, Ordering ordering, int seconds) {
    this.latency = latency;
    this.ordering = ordering;
    this.time = Duration.ofSeconds(seconds);
    this.records = latency.records(seconds);
    this.handled = new Handled(ordering);
  }

  /** Writes the records; apart from the run, so that cells do not disturb each other by it. */
  Cell fill() {
    Load.fill(brokers, topic, PARTITIONS, records);
    return this;
  }

  Row run() {
    try (Admin admin = Clients.admin(brokers)) {
      BudgetWatch budget = new BudgetWatch();
      Row.Work work = work(budget);
      CloseReport rest = doTheRest(admin);
      return new Row(
          latency,
          ordering,
          work,
          rest,
          records - handled.distinct(),
          handled.duplicates(),
          handled.disorder(),
          Troubles.in(events.all()),
          budget);
    } catch (Exception failed) {
      throw new IllegalStateException(latency + " " + ordering, failed);
    }
  }

  private Row.Work work(BudgetWatch budget) throws Exception {
    try (SafeConsumer<String, String> consumer = started(latency::of)) {
      awaitWork(consumer, budget);
      long from = judgedFrom() + WARM_UP.toNanos();
      long until = judgedFrom() + time.toNanos();
      while (System.nanoTime() < until) {
        budget.look(consumer.status());
        Work.lasting(BETWEEN_SAMPLES); // the pace of the samples
      }
      long closed = System.nanoTime();
      CloseReport report = consumer.close(SafeConsumer.CLOSE_BOUND);
      return new Row.Work(
          report,
          (int) consumer.status().rebalances() - 1,
          handled.finished(),
          Usage.between(handled, from, closed),
          Usage.longestAfter(handled, closed));
    }
  }

  /** Looks meanwhile: the budget moves most when the first records return. */
  private void awaitWork(SafeConsumer<String, String> consumer, BudgetWatch budget) {
    long giveUp = System.nanoTime() + SOON.toNanos();
    while (judgedFrom() == 0) {
      if (System.nanoTime() - giveUp > 0) {
        throw new IllegalStateException("no record began: " + consumer.status());
      }
      budget.look(consumer.status());
      Work.lasting(BETWEEN_SAMPLES); // the pace of the samples
    }
  }

  private CloseReport doTheRest(Admin admin) throws Exception {
    try (SafeConsumer<String, String> next = started(record -> Duration.ZERO)) {
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == records);
      return next.close(SafeConsumer.CLOSE_BOUND);
    }
  }

  /** When the first record began that counts, 0 before. */
  private long judgedFrom() {
    return handled.attempts().stream()
        .filter(attempt -> attempt.askedNanos() >= latency.judgedFromMillis() * 1_000_000)
        .mapToLong(Handled.Attempt::began)
        .findFirst()
        .orElse(0);
  }

  private SafeConsumer<String, String> started(
      Function<ConsumerRecord<String, String>, Duration> pace) throws Exception {
    SafeConsumer.Builder<String, String> builder =
        Consumers.strings(
                brokers,
                group,
                topic,
                RecordHandler.of((record, context) -> handled.work(record, pace.apply(record))))
            .kafka("max.poll.interval.ms", Latency.INTERVAL_MS)
            .kafka("max.poll.records", 500)
            .ordering(ordering)
            .concurrency(Latency.WORKERS)
            .listener(events);
    if (latency.isDeclared()) {
      builder.expectedLatency(Duration.ofMillis(1_000));
    }
    SafeConsumer<String, String> consumer = builder.build();
    Outcome outcome = consumer.start().get(SOON.toSeconds(), TimeUnit.SECONDS);
    if (!outcome.applied()) {
      throw new IllegalStateException(outcome.toString());
    }
    return consumer;
  }

  static List<Ordering> orderings() {
    return List.of(Ordering.PARTITION, Ordering.KEY, Ordering.UNORDERED);
  }
}
