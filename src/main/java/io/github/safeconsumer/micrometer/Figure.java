package io.github.safeconsumer.micrometer;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The figures that are shown of every consumer. Names, units and tags are API and stand in
 * docs/METRICS.md.
 */
enum Figure {
  STATE("state", "1 for the state the consumer is in, 0 for all others", "state"),
  HEALTH("health", "1 while UP, 0 while DOWN", "probe"),
  CAUSE("cause", "1 while diagnose() gives it, 0 afterwards", "code"),
  ALERT("alert", "incidents that were told and are not over", "alert"),
  PAUSED("paused", "1 while the whole consumer is paused for it", "reason"),
  PAUSED_PARTITIONS("paused.partitions", "owned partitions that are paused for it", "reason"),
  PARTITIONS("partitions", "partitions owned now"),
  HIDDEN_PARTITIONS("partitions.hidden", "owned partitions without series of their own"),

  HANDLED(counter("records.handled"), "", "records done by a normal return"),
  DEAD_LETTERED(counter("records.dead.lettered"), "", "records that a dead-letter topic has taken"),
  SKIPPED(counter("records.skipped"), "", "records dropped by policy"),
  ATTEMPTS_FAILED(counter("attempts.failed"), "", "failed attempts"),
  COMMITS(counter("commits"), "", "commits that the broker confirmed"),
  COMMITS_FAILED(counter("commits.failed"), "", "commits that failed and are tried again"),
  REBALANCES(counter("rebalances"), "", "assignments received"),
  CLIENT_RESTARTS(counter("client.restarts"), "", "Kafka clients replaced"),
  EVENTS_DROPPED(counter("events.dropped"), "", "events that a slow listener missed"),

  LAG(
      ofTopic("lag"),
      "records",
      "records behind the end of the log, of partitions where it is known"),
  LAG_UNKNOWN(ofTopic("lag.unknown"), "partitions", "partitions whose lag is not known"),
  AGE(ofTopic("age"), "seconds", "age of the oldest record that is not done"),
  DONE_RATE(ofTopic("done.per.second"), "", "records done in a second, over the last ten"),
  ARRIVED_RATE(
      ofTopic("arrived.per.second"), "", "offsets added to the log in a second, over the last ten"),
  DRAIN_TIME(
      ofTopic("drain.time"), "seconds", "until nothing waits, of the partition that takes longest"),
  IN_FLIGHT(ofTopic("in.flight"), "attempts", "attempts that run now"),
  OLDEST_ATTEMPT(
      ofTopic("attempt.oldest"), "seconds", "how long the oldest of them has been running"),
  RETRYING(ofTopic("retrying"), "records", "records that wait for a retry"),
  BLOCKED(ofTopic("blocked"), "records", "records that hold their lane until an operator acts"),
  DEAD_LETTERING(
      ofTopic("dead.lettering"), "records", "records whose dead letter is not acknowledged"),
  SUSPECTS(ofTopic("suspects"), "records", "records of which one may have killed an earlier owner"),
  BUFFERED(ofTopic("buffered"), "records", "records polled and not started"),
  BUFFERED_MEMORY(ofTopic("buffered.memory"), "bytes", "their keys, values and headers"),
  HANDLER_LATENCY(gauge("handler.latency"), "seconds", "handler time", "topic", "percentile"),

  PARTITION_LAG(ofPartition("lag"), "records", "records behind the end of the log"),
  PARTITION_AGE(ofPartition("age"), "seconds", "age of the oldest record that is not done"),
  PARTITION_DONE_RATE(ofPartition("done.per.second"), "", "records done in a second"),
  PARTITION_ARRIVED_RATE(ofPartition("arrived.per.second"), "", "offsets added in a second"),
  PARTITION_DRAIN_TIME(ofPartition("drain.time"), "seconds", "until nothing waits"),
  PARTITION_IN_FLIGHT(ofPartition("in.flight"), "attempts", "attempts that run now"),
  PARTITION_OLDEST_ATTEMPT(ofPartition("attempt.oldest"), "seconds", "how long the oldest runs"),
  PARTITION_RETRYING(ofPartition("retrying"), "records", "records that wait for a retry"),
  PARTITION_BLOCKED(ofPartition("blocked"), "records", "records that wait for an operator"),
  PARTITION_BUFFERED(ofPartition("buffered"), "records", "records polled and not started"),

  PARALLELISM("parallelism", "attempts that can run at once"),
  UTILISATION("utilisation", "share of concurrency that was busy, 0 to 1"),
  BUDGET_RECORDS("budget.records", "records that may be admitted at the latency now observed"),
  BUDGET_ADMITTED("budget.admitted", "records admitted and not done"),
  RATE_LIMIT("rate.limit", "maxRecordsPerSecond in force"),
  ABANDONED("abandoned", "attempts that were given up and have not ended"),
  BREAKER_STATE("breaker.state", "0 closed, 1 half-open, 2 open", "scope"),
  BREAKER_PARKED(gauge("breaker.parked"), "records", "records that wait for it", "scope"),
  BREAKER_PROBES(counter("breaker.probes"), "", "attempts let through while open", "scope"),
  SPENT(counter("spending.spent"), "", "what attempts cost, in units of the policy"),
  SPENDING_PREVENTED(counter("spending.prevented"), "", "what open breakers have saved"),
  SPENDING_HOUR("spending.hour", "spent within the last hour"),
  SPENDING_LIMIT("spending.limit", "what may be spent within an hour");

  static final String PREFIX = "safeconsumer.";

  /** All keys that the library uses. */
  static final Set<String> TAGS = keys();

  /** Name, kind, and the tags where the level says them. */
  private record Start(String name, boolean counts, List<String> tags) {}

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final Family family;

  @SuppressWarnings("ImmutableEnumChecker") // by List.of
  private final List<String> tags;

  /** A gauge without a unit, of the whole consumer. */
  Figure(String name, String description, String... tags) {
    this(gauge(name), "", description, tags);
  }

  Figure(Start start, String unit, String description, String... tags) {
    this.family = new Family(PREFIX + start.name(), start.counts(), unit, description);
    this.tags = start.tags().isEmpty() ? List.of(tags) : start.tags();
  }

  private static Start gauge(String name) {
    return new Start(name, false, List.of());
  }

  private static Start counter(String name) {
    return new Start(name, true, List.of());
  }

  private static Start ofTopic(String name) {
    return new Start(name, false, List.of("topic"));
  }

  private static Start ofPartition(String name) {
    return new Start("partition." + name, false, List.of("topic", "partition"));
  }

  private static Set<String> keys() {
    Set<String> keys = new TreeSet<>(Set.of("consumer", "group"));
    Arrays.stream(values()).forEach(figure -> keys.addAll(figure.tags));
    return Set.copyOf(keys);
  }

  Family family() {
    return family;
  }

  /** Keys beside those that all figures have, in the order of the values given for them. */
  List<String> tags() {
    return tags;
  }
}
