package io.github.safeconsumer.internal.serde;

import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;

/** Where deserializer instances come from. An instance is never used by two threads at once. */
public interface DeserializerSource<T> {
  /**
   * A deserializer for one worker. Instances the library creates are configured here; a shared
   * instance is wrapped in a lock.
   *
   * @param kafka the user's Kafka settings, for configure()
   */
  Deserializer<T> open(Map<String, Object> kafka, boolean isKey);
}
