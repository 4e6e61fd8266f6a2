package io.github.safeconsumer.internal.observe;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** A {@link GroupReport} as one JSON object, in the manner of {@link StatusJson}. */
public final class GroupReportJson {
  private GroupReportJson() {}

  /** The document. */
  public static String of(GroupReport report) {
    JsonWriter json = new JsonWriter().beginObject();
    json.name("at").text(report.at().toString());
    json.name("group").text(report.group());
    json.name("protocol").text(report.protocol());
    json.name("state").text(report.state());
    millis(json.name("sinceMs"), report.since());
    json.name("lag").number(report.lag());
    json.name("members").beginArray();
    report.members().forEach(member -> member(json, member));
    json.endArray();
    json.name("partitions").beginArray();
    report.partitions().forEach(partition -> partition(json, partition));
    json.endArray();
    causes(json.name("causes"), report.causes());
    json.name("unseen").beginArray();
    report.unseen().forEach(json::text);
    json.endArray();
    return json.endObject().toString();
  }

  private static void member(JsonWriter json, GroupReport.Member member) {
    json.beginObject();
    json.name("id").text(member.id());
    json.name("clientId").text(member.clientId());
    json.name("host").text(member.host());
    json.name("partitions").number(member.partitions());
    json.endObject();
  }

  private static void partition(JsonWriter json, GroupReport.Partition partition) {
    json.beginObject();
    json.name("topic").text(partition.partition().topic());
    json.name("partition").number(partition.partition().partition());
    partition.owner().ifPresentOrElse(json.name("owner")::text, json::nothing);
    partition.committed().ifPresentOrElse(json.name("committed")::number, json::nothing);
    json.name("end").number(partition.end());
    json.name("lag").number(partition.lag());
    millis(json.name("oldestAgeMs"), partition.oldestAge());
    json.name("standsMs").number(partition.stands().toMillis());
    rate(json.name("committedPerSecond"), partition.committedPerSecond());
    rate(json.name("arrivedPerSecond"), partition.arrivedPerSecond());
    millis(json.name("timeToDrainMs"), partition.timeToDrain());
    json.name("note").text(partition.note());
    json.endObject();
  }

  /** An array of causes. */
  static void causes(JsonWriter json, List<Cause> causes) {
    json.beginArray();
    for (Cause cause : causes) {
      json.beginObject();
      json.name("code").text(cause.code());
      json.name("evidence").text(cause.evidence());
      json.name("remedy").text(cause.remedy());
      json.name("numbers").beginObject();
      new TreeMap<>(cause.numbers()).forEach((name, value) -> value(json.name(name), value));
      json.endObject();
      json.endObject();
    }
    json.endArray();
  }

  private static void value(JsonWriter json, Object value) {
    if (value instanceof Double || value instanceof Float) {
      json.decimal(((Number) value).doubleValue());
    } else if (value instanceof Number number) {
      json.number(number.longValue());
    } else {
      json.text(value.toString());
    }
  }

  private static void millis(JsonWriter json, Optional<Duration> time) {
    time.ifPresentOrElse(known -> json.number(known.toMillis()), json::nothing);
  }

  private static void rate(JsonWriter json, OptionalDouble value) {
    value.ifPresentOrElse(json::decimal, json::nothing);
  }
}
