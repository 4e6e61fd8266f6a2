package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.config.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Whether the brokers answer the Kafka client. A poll does not tell: it returns nothing, whether
 * there is nothing or nobody answers. The client's own metrics do, and any thread may read them.
 * Thread-safe.
 */
final class ClientPulse {
  /** An idle member hears from its coordinator at each heartbeat; this much later it is late. */
  private static final Duration LATE = Duration.ofSeconds(2);

  /** With the newer protocol the brokers decide how often that is: seldom more than 5 s. */
  private static final Duration LATE_WHERE_BROKERS_DECIDE = Duration.ofSeconds(10);

  private final Supplier<Map<MetricName, ? extends Metric>> metrics;
  private final Duration most;
  private final Time time;
  private double answers = Double.NaN;
  private long answeredAt;

  /**
   * @param most for how long brokers may be silent; see {@link #mostSilence}
   */
  ClientPulse(Supplier<Map<MetricName, ? extends Metric>> metrics, Duration most, Time time) {
    this.metrics = metrics;
    this.most = most;
    this.time = time;
  }

  static Duration mostSilence(KafkaSettings settings) {
    return settings
        .heartbeatInterval()
        .plus(settings.consumerProtocol() ? LATE_WHERE_BROKERS_DECIDE : LATE);
  }

  /**
   * What is wrong now, in words; null where nothing is, or nothing is known. To be asked about once
   * a second: silence counts from the first time that it was seen.
   */
  synchronized @Nullable String trouble() {
    Map<MetricName, ? extends Metric> all = metrics.get();
    double now = value(all, "response-total");
    if (now != answers) { // NaN is never equal: without the metric nothing is known
      answers = now;
      answeredAt = time.nanos();
    }
    if (value(all, "connection-count") == 0) {
      return "no connection to any broker";
    }
    long silent = time.nanos() - answeredAt;
    return silent > most.toNanos()
        ? "no broker has answered for " + TimeUnit.NANOSECONDS.toSeconds(silent) + " s"
        : null;
  }

  /** Over all connections of the client; NaN where there is no such metric. */
  private static double value(Map<MetricName, ? extends Metric> metrics, String name) {
    for (Map.Entry<MetricName, ? extends Metric> one : metrics.entrySet()) {
      if (one.getKey().name().equals(name)
          && one.getKey().group().equals("consumer-metrics")
          && one.getValue().metricValue() instanceof Number number) {
        return number.doubleValue();
      }
    }
    return Double.NaN;
  }
}
