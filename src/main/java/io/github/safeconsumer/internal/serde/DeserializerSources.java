package io.github.safeconsumer.internal.serde;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** The three ways in which deserializers are given. */
public final class DeserializerSources {
  /**
   * Classes (by name, so that none is loaded for the question) whose instances any number of
   * threads may use once they are configured.
   */
  private static final Set<String> THREAD_SAFE =
      Set.of(
          "io.github.safeconsumer.JsonDeserializer",
          "org.apache.kafka.common.serialization.ByteArrayDeserializer",
          "org.apache.kafka.common.serialization.BytesDeserializer",
          "org.apache.kafka.common.serialization.IntegerDeserializer",
          "org.apache.kafka.common.serialization.LongDeserializer",
          "org.apache.kafka.common.serialization.StringDeserializer",
          "org.apache.kafka.common.serialization.UUIDDeserializer",
          "org.apache.kafka.common.serialization.VoidDeserializer");

  private DeserializerSources() {}

  /**
   * One instance for all workers. It stays the user's: it is not configured and not closed here.
   *
   * @param lock held during each call, unless the class is known to be thread-safe
   */
  public static <T> DeserializerSource<T> shared(Deserializer<? extends T> instance, Lock lock) {
    Deserializer<T> one = narrow(instance);
    Deserializer<T> guarded =
        new SharedDeserializer<>(
            one, THREAD_SAFE.contains(instance.getClass().getName()) ? null : lock);
    return (kafka, isKey) -> guarded;
  }

  /**
   * A new instance per worker, as the supplier made it: it is not configured here, but closed with
   * the worker.
   */
  public static <T> DeserializerSource<T> supplied(
      Supplier<? extends Deserializer<? extends T>> supplier) {
    return (kafka, isKey) -> {
      @Nullable Deserializer<? extends T> made = supplier.get();
      if (made == null) {
        throw new KafkaException(
            "the supplier of "
                + property(isKey)
                + "s returned null: it must return a new instance each time");
      }
      return narrow(made);
    };
  }

  /**
   * A new instance per worker, created by its constructor without parameters, configured here and
   * closed with the worker.
   */
  public static <T> DeserializerSource<T> named(Class<? extends Deserializer<? extends T>> type) {
    return (kafka, isKey) -> create(type, kafka, isKey);
  }

  private static <T> Deserializer<T> create(
      Class<? extends Deserializer<? extends T>> type, Map<String, Object> kafka, boolean isKey) {
    Deserializer<T> made = null;
    try {
      made = narrow(type.getConstructor().newInstance());
      made.configure(kafka, isKey);
      return made;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError failed) {
      if (made != null) {
        Decoder.closeQuietly(made);
      }
      throw new KafkaException(
          property(isKey) + " " + type.getName() + " could not be created and configured", failed);
    }
  }

  private static String property(boolean isKey) {
    return isKey ? "key.deserializer" : "value.deserializer";
  }

  @SuppressWarnings("unchecked") // what makes a subtype of T makes a T
  private static <T> Deserializer<T> narrow(Deserializer<? extends T> deserializer) {
    return (Deserializer<T>) deserializer;
  }
}
