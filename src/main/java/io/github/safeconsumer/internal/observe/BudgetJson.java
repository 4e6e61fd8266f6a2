package io.github.safeconsumer.internal.observe;

import io.github.safeconsumer.BudgetStatus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The part of {@link StatusJson} that tells of the poll budget. Latencies are in microseconds: many
 * a handler takes less than a millisecond.
 */
final class BudgetJson {
  private BudgetJson() {}

  static void write(JsonWriter json, BudgetStatus budget) {
    json.beginObject();
    json.name("windowMs").number(millis(budget.window()));
    json.name("parallelism").number(budget.parallelism());
    json.name("records").number(budget.records());
    json.name("admitted").number(budget.admitted());
    json.name("buffered").number(budget.buffered());
    json.name("utilisation").decimal(budget.utilisation());
    json.name("maxRecordsPerSecond");
    budget.maxRecordsPerSecond().ifPresentOrElse(json::decimal, json::nothing);
    json.name("latencies").beginArray();
    budget.latencies().forEach(latency -> latency(json, latency));
    json.endArray();
    json.name("maxPollRecords").number(budget.maxPollRecords());
    json.name("recommendedMaxPollRecords").number(budget.recommendedMaxPollRecords());
    json.name("recommendedIntervalMs").number(millis(budget.recommendedInterval()));
    json.name("sum");
    if (budget.sum().isEmpty()) {
      json.nothing();
    } else {
      json.text(budget.sum());
    }
    json.name("timeToDrainMs");
    budget.timeToDrain().map(BudgetJson::millis).ifPresentOrElse(json::number, json::nothing);
    json.endObject();
  }

  private static void latency(JsonWriter json, BudgetStatus.TopicLatency latency) {
    json.beginObject();
    json.name("topic").text(latency.topic());
    json.name("samples").number(latency.samples());
    json.name("p50Us").number(micros(latency.p50()));
    json.name("p95Us").number(micros(latency.p95()));
    json.name("p99Us").number(micros(latency.p99()));
    json.name("assumedUs").number(micros(latency.assumed()));
    json.endObject();
  }

  private static long millis(Duration duration) {
    return TimeUnit.MILLISECONDS.convert(duration); // unlike toMillis() it never throws
  }

  private static long micros(Duration duration) {
    return TimeUnit.MICROSECONDS.convert(duration);
  }
}
