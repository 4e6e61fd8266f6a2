package io.github.safeconsumer.micrometer;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.Status;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * What a consumer says of itself at one moment.
 *
 * @param kafkaMetrics empty where they are not wanted
 */
record Look(
    Status status,
    Health health,
    List<Cause> causes,
    Map<MetricName, ? extends Metric> kafkaMetrics) {

  static Look at(SafeConsumer<?, ?> consumer, boolean withKafkaMetrics) {
    return new Look(
        consumer.status(),
        consumer.health(),
        consumer.diagnose(),
        withKafkaMetrics ? consumer.kafkaMetrics() : Map.of());
  }
}
