package io.github.safeconsumer.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The one file of Kafka settings that both groups read. */
final class ConsumerSettings {
  private static final String FILE = "/consumer.properties";

  private final Properties file = new Properties();
  private final String bootstrapServers;

  ConsumerSettings(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    try (InputStream in = ConsumerSettings.class.getResourceAsStream(FILE)) {
      file.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + FILE, e);
    }
  }

  /** What is in the file. */
  Map<String, String> shared() {
    Map<String, String> settings = new HashMap<>();
    file.stringPropertyNames().forEach(name -> settings.put(name, file.getProperty(name)));
    return settings;
  }

  /** What is in the file, with the two settings that differ from run to run. */
  Map<String, Object> forGroup(String id) {
    Map<String, Object> settings = new HashMap<>(shared());
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, id);
    return settings;
  }
}
