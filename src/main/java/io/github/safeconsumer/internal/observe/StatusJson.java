package io.github.safeconsumer.internal.observe;

import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.Status;
import java.util.Collection;
import java.util.OptionalLong;

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
    return json.endObject().toString();
  }

  private static void partition(JsonWriter json, PartitionStatus partition) {
    json.beginObject();
    json.name("topic").text(partition.partition().topic());
    json.name("partition").number(partition.partition().partition());
    json.name("epoch").number(partition.epoch());
    json.name("watermark").number(partition.watermark());
    known(json.name("committed"), partition.committed());
    known(json.name("lag"), partition.lag());
    json.name("buffered").number(partition.buffered());
    json.name("bufferedBytes").number(partition.bufferedBytes());
    json.name("inFlight").number(partition.inFlight());
    json.name("waiting").number(partition.waiting());
    json.name("deadLettering").number(partition.deadLettering());
    json.name("blocked").number(partition.blocked());
    reasons(json, partition.pauseReasons());
    json.endObject();
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
