package io.github.safeconsumer.internal.observe;

import io.github.safeconsumer.Alert;
import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.SpendingStatus;
import io.github.safeconsumer.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A {@link Status} as one JSON object. The fields have the names of the record's components and
 * come in their order; those are API (docs/VERSIONING.md). Times are ISO-8601 in UTC, durations
 * milliseconds with {@code Ms} in the name, latencies of a handler microseconds with {@code Us},
 * what is not known is null.
 */
public final class StatusJson {
  private StatusJson() {}

  /** The document. */
  public static String of(Status status) {
    JsonWriter json = new JsonWriter().beginObject();
    json.name("at").text(status.at().toString());
    json.name("name").text(status.name());
    json.name("groupId").text(status.groupId());
    json.name("state").text(status.state().name());
    status.failure().ifPresentOrElse(json.name("failure")::text, json::nothing);
    json.name("generation").number(status.generation());
    reasons(json, status.pauseReasons());
    json.name("partitions").beginArray();
    status.partitions().forEach(partition -> partition(json, partition));
    json.endArray();
    json.name("handled").number(status.handled());
    json.name("attemptsFailed").number(status.attemptsFailed());
    json.name("deadLettered").number(status.deadLettered());
    json.name("skipped").number(status.skipped());
    json.name("commits").number(status.commits());
    json.name("commitsFailed").number(status.commitsFailed());
    json.name("rebalances").number(status.rebalances());
    json.name("restarts").number(status.restarts());
    json.name("eventsDropped").number(status.eventsDropped());
    json.name("retryScheduleMs").beginArray();
    status.retrySchedule().forEach(delay -> json.number(delay.toMillis()));
    json.endArray();
    BudgetJson.write(json.name("budget"), status.budget());
    json.name("breakers").beginArray();
    status.breakers().forEach(breaker -> breaker(json, breaker));
    json.endArray();
    spending(json.name("spending"), status.spending());
    json.name("abandoned").number(status.abandoned());
    json.name("alerts").beginArray();
    status.alerts().forEach(alert -> alert(json, alert));
    json.endArray();
    return json.endObject().toString();
  }

  private static void alert(JsonWriter json, Alert alert) {
    json.beginObject();
    json.name("name").text(alert.name());
    json.name("subject").text(alert.subject());
    json.name("since").text(alert.since().toString());
    json.name("evidence").text(alert.evidence());
    json.endObject();
  }

  private static void partition(JsonWriter json, PartitionStatus partition) {
    json.beginObject();
    json.name("topic").text(partition.partition().topic());
    json.name("partition").number(partition.partition().partition());
    json.name("epoch").number(partition.epoch());
    json.name("watermark").number(partition.watermark());
    known(json.name("committed"), partition.committed());
    known(json.name("lag"), partition.lag());
    millis(json.name("oldestAgeMs"), partition.oldestAge());
    rate(json.name("donePerSecond"), partition.donePerSecond());
    rate(json.name("arrivedPerSecond"), partition.arrivedPerSecond());
    millis(json.name("timeToDrainMs"), partition.timeToDrain());
    json.name("buffered").number(partition.buffered());
    json.name("bufferedBytes").number(partition.bufferedBytes());
    json.name("inFlight").number(partition.inFlight());
    millis(json.name("oldestAttemptMs"), partition.oldestAttempt());
    json.name("waiting").number(partition.waiting());
    json.name("deadLettering").number(partition.deadLettering());
    json.name("blocked").number(partition.blocked());
    json.name("suspects").number(partition.suspects());
    reasons(json, partition.pauseReasons());
    json.name("pausedSince").beginObject();
    new TreeMap<>(partition.pausedSince())
        .forEach((reason, since) -> json.name(reason.name()).text(since.toString()));
    json.endObject();
    json.endObject();
  }

  private static void breaker(JsonWriter json, BreakerStatus breaker) {
    json.beginObject();
    json.name("scope").text(breaker.scope());
    json.name("state").text(breaker.state().name());
    json.name("forced").bool(breaker.forced());
    json.name("failuresInARow").number(breaker.failuresInARow());
    json.name("openings").number(breaker.openings());
    time(json.name("openSince"), breaker.openSince());
    time(json.name("nextProbe"), breaker.nextProbe());
    json.name("parked").number(breaker.parked());
    json.name("probes").number(breaker.probes());
    json.endObject();
  }

  private static void spending(JsonWriter json, SpendingStatus spending) {
    json.beginObject();
    json.name("spent").decimal(spending.spent());
    json.name("prevented").decimal(spending.prevented());
    json.name("lastHour").decimal(spending.lastHour());
    spending.limitPerHour().ifPresentOrElse(json.name("limitPerHour")::decimal, json::nothing);
    time(json.name("pausedUntil"), spending.pausedUntil());
    json.endObject();
  }

  private static void time(JsonWriter json, Optional<Instant> at) {
    at.ifPresentOrElse(instant -> json.text(instant.toString()), json::nothing);
  }

  private static void millis(JsonWriter json, Optional<Duration> time) {
    time.ifPresentOrElse(known -> json.number(known.toMillis()), json::nothing);
  }

  private static void rate(JsonWriter json, OptionalDouble value) {
    value.ifPresentOrElse(json::decimal, json::nothing);
  }

  private static void known(JsonWriter json, OptionalLong value) {
    value.ifPresentOrElse(json::number, json::nothing);
  }

  /** In the order of the enum: that of a set differs from run to run. */
  private static void reasons(JsonWriter json, Collection<PauseReason> reasons) {
    json.name("pauseReasons").beginArray();
    reasons.stream().sorted().forEach(reason -> json.text(reason.name()));
    json.endArray();
  }
}
