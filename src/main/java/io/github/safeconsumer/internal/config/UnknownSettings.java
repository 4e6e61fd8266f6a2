package io.github.safeconsumer.internal.config;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Keys that Kafka does not know can be for a deserializer or a plug-in, so they pass; one that
 * looks misspelt is named.
 */
final class UnknownSettings {
  private UnknownSettings() {}

  /**
   * Warns where the key is near one that the client knows. Keys of Kafka's other clients are no
   * misspellings.
   *
   * @param setting the key as findings name it
   */
  static void advise(ConfigDef definition, String setting, String key, Findings findings) {
    if (isKafkas(key)) {
      return;
    }
    Typos.nearest(key, definition.names())
        .ifPresent(
            nearest ->
                findings.warning(
                    setting,
                    Shown.HIDDEN,
                    "Kafka knows no such setting and ignores it; it looks like " + nearest,
                    "write " + nearest + " if that is what is meant"));
  }

  private static boolean isKafkas(String key) {
    return ConsumerConfig.configNames().contains(key)
        || ProducerConfig.configNames().contains(key)
        || AdminClientConfig.configNames().contains(key);
  }
}
