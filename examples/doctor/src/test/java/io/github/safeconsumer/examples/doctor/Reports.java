package io.github.safeconsumer.examples.doctor;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.GroupReport.Member;
import io.github.safeconsumer.GroupReport.Partition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/** Reports as they could be, with names as an attacker would choose them. */
final class Reports {
  static final String HOSTILE = "<img src=x onerror=\"document.title='owned'\">";
  static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

  private Reports() {}

  static GroupReport fine(Instant at) {
    return report(
        at, 0, new Cause(Cause.NOTHING_WRONG, "1 partition, committed to its end", "", Map.of()));
  }

  static GroupReport stuck(Instant at, long lag) {
    return report(
        at,
        lag,
        new Cause(
            "BLOCKED_PARTITION",
            HOSTILE
                + "/10.0.0.1 has committed nothing for 14 min of orders-0@100, where 1,204 records"
                + " wait",
            "look at that process: a record that always fails, a handler that hangs, a pause, or"
                + " records that take longer than this",
            Map.of("topic", "orders", "partition", 0)));
  }

  private static GroupReport report(Instant at, long lag, Cause cause) {
    return new GroupReport(
        at,
        "billing",
        "CONSUMER",
        "STABLE",
        Optional.of(Duration.ofSeconds(30)),
        List.of(new Member("id-1", HOSTILE, "/10.0.0.1", 1)),
        List.of(
            partition("orders", lag),
            partition("a.topic.with.a.name.that.is.longer.than.any.column.of.any.table", lag)),
        List.of(cause),
        List.of(
            "what members do between two commits: attempts, handlers, breakers, pauses (ask a"
                + " SafeConsumer's own status() and diagnose())"));
  }

  private static Partition partition(String topic, long lag) {
    return new Partition(
        new TopicPartition(topic, 0),
        Optional.of(HOSTILE + "/10.0.0.1"),
        OptionalLong.of(1_234_567_890L),
        1_234_567_890L + lag,
        lag,
        Optional.of(Duration.ofMinutes(14)),
        lag == 0 ? Duration.ZERO : Duration.ofMinutes(14),
        OptionalDouble.of(123_456.7),
        OptionalDouble.of(1.2),
        Optional.empty(),
        "1 record failing, the first at offset 104 (5 attempts)");
  }
}
