package io.github.safeconsumer.internal.config;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Kafka's own judgement of consumer settings, without the page that it logs. */
final class QuietConfig extends ConsumerConfig {
  QuietConfig(Map<String, Object> settings) {
    super(settings, false);
  }
}
