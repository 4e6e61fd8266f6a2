package io.github.safeconsumer.internal.serde;

import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The three ways in which deserializers are given. */
public final class Deserializers {
  private static final Logger log = LoggerFactory.getLogger(Deserializers.class);

  /**
   * Classes whose instances any number of threads may use; by name, so that none is loaded for the
   * question.
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

  private Deserializers() {}

  /**
   * One instance for all workers. It stays the user's: it is neither configured nor closed here.
   *
   * @param lock held during each call, unless the class is known to be thread-safe
   */
  public static <T> DeserializerSource<T> shared(Deserializer<? extends T> instance, Lock lock) {
    Deserializer<T> shared =
        new SharedDeserializer<>(narrow(instance), threadSafe(instance) ? null : lock);
    return (kafka, isKey) -> shared;
  }

  /**
   * An instance per worker, as the supplier made it: not configured here, but closed with the
   * worker.
   */
  public static <T> DeserializerSource<T> supplied(
      Supplier<? extends Deserializer<? extends T>> supplier) {
    return new SuppliedDeserializers<>(supplier);
  }

  /**
   * An instance per worker, created by its constructor without parameters, configured and closed
   * here.
   */
  public static <T> DeserializerSource<T> named(Class<? extends Deserializer<? extends T>> type) {
    return new NamedDeserializers<>(type);
  }

  /**
   * Whether {@link #named} can create the class: it and its constructor can be reached from here.
   */
  public static boolean canBeCreated(Class<?> type) {
    try {
      return !Modifier.isAbstract(type.getModifiers()) && type.getConstructor().canAccess(null);
    } catch (NoSuchMethodException | LinkageError missing) {
      return false;
    }
  }

  static boolean threadSafe(Deserializer<?> deserializer) {
    return THREAD_SAFE.contains(deserializer.getClass().getName());
  }

  static String property(boolean isKey) {
    return isKey ? "key.deserializer" : "value.deserializer";
  }

  @SuppressWarnings("unchecked") // what makes a subtype of T makes a T
  static <T> Deserializer<T> narrow(Deserializer<? extends T> deserializer) {
    return (Deserializer<T>) deserializer;
  }

  static void closeQuietly(Deserializer<?> deserializer) {
    try {
      deserializer.close();
    } catch (Throwable failed) {
      log.warn(
          "closing {} failed with {}; consumption is not affected",
          deserializer.getClass().getName(),
          failed.getClass().getName());
    }
  }
}
