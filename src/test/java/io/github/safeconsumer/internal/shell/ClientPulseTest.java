package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

/** Silent brokers are seen, and nothing else is taken for them. */
class ClientPulseTest {
  private final ManualTime time = new ManualTime();
  private final Map<MetricName, Metric> metrics = new HashMap<>();
  private final ClientPulse pulse = new ClientPulse(() -> metrics, Duration.ofSeconds(5), time);

  private void client(double connections, double answers) {
    put("consumer-metrics", "connection-count", connections);
    put("consumer-metrics", "response-total", answers);
    put("consumer-node-metrics", "response-total", 0);
  }

  private void put(String group, String name, double value) {
    MetricName metric = new MetricName(name, group, "", Map.of());
    metrics.put(
        metric,
        new Metric() {
          @Override
          public MetricName metricName() {
            return metric;
          }

          @Override
          public Object metricValue() {
            return value;
          }
        });
  }

  @Test
  void shouldSeeThatNoConnectionIsLeft() {
    client(2, 100);
    assertThat(pulse.trouble()).isNull();
    client(0, 100);
    assertThat(pulse.trouble()).isEqualTo("no connection to any broker");
  }

  @Test
  void shouldSeeThatConnectedBrokersAreSilent() {
    client(2, 100);
    assertThat(pulse.trouble()).isNull();
    time.advance(Duration.ofSeconds(5));
    assertThat(pulse.trouble()).isNull();
    time.advance(Duration.ofMillis(1));
    assertThat(pulse.trouble()).isEqualTo("no broker has answered for 5 s");
    client(2, 101);
    assertThat(pulse.trouble()).isNull();
  }

  @Test
  void shouldKnowNothingWithoutTheMetrics() {
    assertThat(pulse.trouble()).isNull();
    time.advance(Duration.ofHours(1));
    assertThat(pulse.trouble()).isNull();
  }

  @Test
  void shouldBeginAnewWithAClientThatTakesThePlaceOfAnother() {
    client(2, 100);
    assertThat(pulse.trouble()).isNull();
    time.advance(Duration.ofSeconds(6));
    client(1, 3);
    assertThat(pulse.trouble()).isNull();
  }
}
