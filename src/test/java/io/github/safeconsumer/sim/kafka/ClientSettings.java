package io.github.safeconsumer.sim.kafka;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the simulated client reads of its configuration, with Kafka's defaults. */
record ClientSettings(
    String clientId,
    String group,
    @Nullable String instance,
    boolean modern,
    boolean cooperative,
    long sessionNanos,
    long heartbeatNanos,
    long maxPollIntervalNanos,
    int maxPollRecords,
    String reset,
    long metadataAgeNanos,
    long defaultTimeoutNanos) {

  static ClientSettings of(Map<String, Object> config) {
    boolean modern =
        "consumer".equals(text(config, "group.protocol", "classic").toLowerCase(Locale.ROOT));
    for (String classicOnly :
        List.of("session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy")) {
      if (modern && config.containsKey(classicOnly)) {
        throw new org.apache.kafka.common.config.ConfigException(
            classicOnly + " cannot be set when group.protocol=consumer");
      }
    }
    return new ClientSettings(
        text(config, "client.id", "c"),
        text(config, "group.id", ""),
        config.get("group.instance.id") == null ? null : text(config, "group.instance.id", ""),
        modern,
        first(config.get("partition.assignment.strategy")).contains("Cooperative"),
        millis(config, "session.timeout.ms", 45_000),
        millis(config, "heartbeat.interval.ms", 3_000),
        millis(config, "max.poll.interval.ms", 300_000),
        (int) number(config, "max.poll.records", 500),
        text(config, "auto.offset.reset", "latest"),
        millis(config, "metadata.max.age.ms", 300_000),
        millis(config, "default.api.timeout.ms", 60_000));
  }

  private static String first(@Nullable Object strategy) {
    Object one = strategy instanceof List<?> list && !list.isEmpty() ? list.get(0) : strategy;
    String name = one instanceof Class<?> type ? type.getName() : String.valueOf(one);
    return name.contains(",") ? name.substring(0, name.indexOf(',')) : name;
  }

  private static String text(Map<String, Object> config, String key, String otherwise) {
    Object value = config.get(key);
    return value == null ? otherwise : value.toString().trim();
  }

  private static long number(Map<String, Object> config, String key, long otherwise) {
    Object value = config.get(key);
    return value == null ? otherwise : Long.parseLong(value.toString().trim());
  }

  private static long millis(Map<String, Object> config, String key, long otherwise) {
    return TimeUnit.MILLISECONDS.toNanos(number(config, key, otherwise));
  }
}
