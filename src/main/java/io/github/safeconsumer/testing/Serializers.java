package io.github.safeconsumer.testing;

import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.internal.config.RawSettings;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the counterpart of a deserializer: for Kafka's own the class of the same name, for a
 * JsonDeserializer a plain Jackson mapper. No other deserializer says how its bytes are made.
 */
final class Serializers {
  private static final String KAFKA = "org.apache.kafka.common.serialization.";
  private static final String READS = "Deserializer";

  private Serializers() {}

  static Serializer<?> ofKeys(RawSettings<?, ?> raw) {
    Object named = raw.kafka.get(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
    return of("keys", nameOf(raw.keyDeserializer, raw.keyDeserializerSupplier, named));
  }

  static Serializer<?> ofValues(RawSettings<?, ?> raw) {
    Object named = raw.kafka.get(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
    return of("values", nameOf(raw.valueDeserializer, raw.valueDeserializerSupplier, named));
  }

  private static String nameOf(
      @Nullable Deserializer<?> instance,
      @Nullable Supplier<? extends Deserializer<?>> supplier,
      @Nullable Object named) {
    if (instance != null) {
      return instance.getClass().getName();
    }
    if (supplier != null) {
      try (Deserializer<?> sample = supplier.get()) {
        return sample.getClass().getName();
      }
    }
    return named instanceof Class<?> type ? type.getName() : String.valueOf(named);
  }

  private static Serializer<?> of(String what, String deserializer) {
    if (deserializer.equals(JsonDeserializer.class.getName())) {
      return new JsonBytes();
    }
    if (deserializer.startsWith(KAFKA) && deserializer.endsWith(READS)) {
      String stem = deserializer.substring(0, deserializer.length() - READS.length());
      try {
        return Class.forName(stem + "Serializer")
            .asSubclass(Serializer.class)
            .getConstructor()
            .newInstance();
      } catch (ReflectiveOperationException none) {
        throw unknown(what, deserializer);
      }
    }
    throw unknown(what, deserializer);
  }

  private static IllegalStateException unknown(String what, String deserializer) {
    return new IllegalStateException(
        "how the bytes of "
            + what
            + " are made is not known for "
            + deserializer
            + ": call HandlerTestDriver.of(builder, keySerializer, valueSerializer), or use"
            + " pipeBytes(..)");
  }
}
