package io.github.safeconsumer.micrometer;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * The metrics of Kafka's own consumer client, those of the client as a whole: as many whatever it
 * reads. Kafka also has them for each topic, partition and broker; these are left out.
 *
 * <p>Micrometer's {@code KafkaClientMetrics} would not do. It wants a client, and has each client's
 * metrics looked up by a thread of its own once a minute, where a client that was replaced has to
 * be followed at once. And the series of its names have the tags of the client, the topic or the
 * partition by turns: it removes those with fewer tags, also those of other Kafka clients in the
 * registry.
 */
final class KafkaFigures {
  private static final String PREFIX = Figure.PREFIX + "kafka.";
  private static final Set<String> OF_THE_CLIENT = Set.of("client-id");

  private KafkaFigures() {}

  static void write(Map<MetricName, ? extends Metric> metrics, Sheet sheet) {
    metrics.forEach(
        (name, metric) -> {
          if (name.group().startsWith("consumer-")
              && OF_THE_CLIENT.containsAll(name.tags().keySet())
              && metric.metricValue() instanceof Number value) {
            sheet.put(family(name), finite(value.doubleValue()));
          }
        });
  }

  private static Family family(MetricName name) {
    String dotted =
        (name.group().replaceFirst("-metrics$", "") + "-" + name.name()).replace('-', '.');
    return new Family(PREFIX + dotted, name.name().endsWith("-total"), "", name.description());
  }

  /** Where there is nothing to average or compare Kafka says NaN or an infinity. */
  private static double finite(double value) {
    return Double.isInfinite(value) ? Double.NaN : value;
  }
}
