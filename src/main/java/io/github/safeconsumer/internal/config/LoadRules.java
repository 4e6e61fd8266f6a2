package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_RECORDS_CONFIG;

import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.PollBudget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the latency that was declared. Refused is only what the loop cannot repair: an
 * attempt that a rebalance cannot wait for. That too many records are polled at once it repairs by
 * admitting them in slices.
 */
final class LoadRules {
  private static final Duration LONGEST_LATENCY = Duration.ofHours(24);
  private static final double LEAST_RATE = 0.001;
  private static final double HIGHEST_RATE = 10_000_000;

  /** Partitions are shared out by the group: before the start one is all that can be counted on. */
  private static final int UNKNOWN_PARTITIONS = 1;

  private final KafkaProperties kafka;
  private final Findings findings;

  LoadRules(KafkaProperties kafka, Findings findings) {
    this.kafka = kafka;
    this.findings = findings;
  }

  /** The latency if it can be one. */
  @Nullable Duration latency(@Nullable Duration declared) {
    if (declared == null
        || (declared.compareTo(Duration.ZERO) > 0 && declared.compareTo(LONGEST_LATENCY) <= 0)) {
      return declared;
    }
    findings.unsafe(
        "expectedLatency",
        Human.text(declared),
        "must be over 0 and at most " + LONGEST_LATENCY.toHours() + " h",
        "give the time that the handler takes for one record, or leave it out");
    return null;
  }

  /** The rate; infinite where none was declared. */
  double rate(@Nullable Double declared) {
    if (declared == null || declared == Double.POSITIVE_INFINITY) {
      return Double.POSITIVE_INFINITY;
    }
    if (!(declared >= LEAST_RATE && declared <= HIGHEST_RATE)) {
      findings.unsafe(
          "maxRecordsPerSecond",
          declared.toString(),
          "must be from 0.001 to 10,000,000 records a second, or infinite for no limit",
          "correct it, or leave it out for no limit; to start nothing at all, call pause()");
    }
    return declared;
  }

  /**
   * {@code max.poll.records}: as given, or else as many as fit, up to Kafka's default or a whole
   * batch.
   */
  int maxPollRecords(RawSettings<?, ?> raw, @Nullable Duration latency) {
    int records = kafka.number(MAX_POLL_RECORDS_CONFIG);
    if (latency == null || raw.concurrency < 1) {
      return records;
    }
    PollBudget budget =
        PollBudget.of(kafka.millis(MAX_POLL_INTERVAL_MS_CONFIG), latency)
            .withParallelism(raw.ordering, raw.concurrency, UNKNOWN_PARTITIONS);
    if (!kafka.usable(MAX_POLL_RECORDS_CONFIG)) {
      int batch = raw.batchPolicy == null ? 0 : raw.batchPolicy.maxRecords();
      return Math.min(Math.max(records, batch), budget.records());
    }
    if (budget.fitsOne() && !budget.allows(records)) {
      Sum sum = Sum.of(budget, records);
      findings.advice(
          MAX_POLL_RECORDS_CONFIG,
          kafka.shown(MAX_POLL_RECORDS_CONFIG),
          sum.rule()
              + "; SafeConsumer keeps within it, since it admits what a poll returns in slices",
          "leave it out, or " + sum.remedy());
    }
    return records;
  }

  /** Whether a rebalance can wait for an attempt, and for a full batch. */
  void checkDrain(
      Duration latency, @Nullable BatchPolicy batch, Duration drain, DrainRule drainRule) {
    if (latency.compareTo(drain) > 0) {
      findings.unsafeTimes(
          "expectedLatency",
          Human.text(latency),
          "over drainTimeout = "
              + Human.text(drain)
              + ": each rebalance would cut off the record that runs, and its next owner begins it again",
          DrainRule.either(
              "use " + drainRule.drainOf(latency), "call longRunning() if that is meant"));
    } else if (batch != null && latency.multipliedBy(batch.maxRecords()).compareTo(drain) > 0) {
      Duration whole = latency.multipliedBy(batch.maxRecords());
      findings.unsafeTimes(
          "batchHandler",
          batch.maxRecords() + " records a batch",
          batch.maxRecords()
              + " records x "
              + Human.text(latency)
              + " = "
              + Human.text(whole)
              + ", over drainTimeout = "
              + Human.text(drain)
              + ": each rebalance would cut off the batch that runs, and its next owner begins it again",
          DrainRule.either(
              "use BatchPolicy.of(" + drain.dividedBy(latency) + ") or smaller",
              drainRule.drainOf(whole),
              "call longRunning() if that is meant"));
    }
  }
}
