package io.github.safeconsumer.internal.serde;

import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * A new instance per worker, created by its constructor without parameters, configured here and
 * closed with the worker.
 */
final class NamedDeserializers<T> implements DeserializerSource<T> {
  private final Class<? extends Deserializer<? extends T>> type;

  NamedDeserializers(Class<? extends Deserializer<? extends T>> type) {
    this.type = type;
  }

  @Override
  public Deserializer<T> open(Map<String, Object> kafka, boolean isKey) {
    @Nullable Deserializer<T> made = null;
    try {
      made = Deserializers.narrow(type.getConstructor().newInstance());
      made.configure(resolved(kafka), isKey);
      return made;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError failed) {
      if (made != null) {
        Deserializers.closeQuietly(made);
      }
      throw new KafkaException(
          Deserializers.property(isKey)
              + " "
              + type.getName()
              + " could not be created and configured",
          failed);
    }
  }

  /** With the values that config providers hold, as Kafka's own client hands them out. */
  private static Map<String, Object> resolved(Map<String, Object> kafka) {
    return kafka.containsKey(AbstractConfig.CONFIG_PROVIDERS_CONFIG)
        ? new AbstractConfig(new ConfigDef(), kafka, false).originals()
        : kafka;
  }
}
