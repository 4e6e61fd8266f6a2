package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import io.github.safeconsumer.RecordHandler;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A complete configuration to change one thing of, and what comes of it. */
final class Given {
  static final Optional<ClientVersion> CLIENT = ClientVersion.parse("4.4.0");

  private Given() {}

  static RawSettings<String, String> complete() {
    RawSettings<String, String> raw = new RawSettings<>();
    raw.kafka.put("bootstrap.servers", "localhost:9092");
    raw.kafka.put("group.id", "orders");
    raw.kafka.put("auto.offset.reset", "earliest");
    raw.topics = List.of("orders");
    raw.keyDeserializer = new StringDeserializer();
    raw.valueDeserializer = new StringDeserializer();
    raw.handler = RecordHandler.of((record, context) -> {});
    raw.deadLetter = DeadLetterPolicy.toTopic("orders.dlt");
    return raw;
  }

  static Settings<String, String> settings(Consumer<RawSettings<String, String>> change) {
    RawSettings<String, String> raw = complete();
    change.accept(raw);
    return SettingsFactory.create(raw, CLIENT);
  }

  static Settings<String, String> withProperty(String key, Object value) {
    return settings(raw -> raw.kafka.put(key, value));
  }

  /** Everything found, whether refused or not. */
  static List<Finding> findings(Consumer<RawSettings<String, String>> change) {
    RawSettings<String, String> raw = complete();
    change.accept(raw);
    return findings(raw, CLIENT);
  }

  static List<Finding> findings(RawSettings<?, ?> raw, Optional<ClientVersion> client) {
    try {
      return SettingsFactory.create(raw, client).advice();
    } catch (ConfigurationException refused) {
      return refused.findings();
    }
  }

  static List<Finding> unsafe(Consumer<RawSettings<String, String>> change) {
    return findings(change).stream()
        .filter(finding -> finding.severity() == Severity.UNSAFE)
        .toList();
  }
}
