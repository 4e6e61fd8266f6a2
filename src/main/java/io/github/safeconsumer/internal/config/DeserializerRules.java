package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.internal.serde.DeserializerSource;
import io.github.safeconsumer.internal.serde.Deserializers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one place where a deserializer was given: instance, supplier, or by name in the Kafka
 * settings.
 */
final class DeserializerRules {
  private final KafkaProperties kafka;
  private final Findings findings;

  DeserializerRules(KafkaProperties kafka, Findings findings) {
    this.kafka = kafka;
    this.findings = findings;
  }

  /**
   * The source, from the only place where one was given.
   *
   * @param method the builder's method
   * @param property the Kafka setting
   * @param lock guards the instance
   * @return null where the settings are refused
   */
  <T> @Nullable DeserializerSource<T> read(
      String method,
      String property,
      @Nullable Deserializer<? extends T> instance,
      @Nullable Supplier<? extends Deserializer<? extends T>> supplier,
      Lock lock) {
    List<String> given = new ArrayList<>();
    if (instance != null) {
      given.add("an instance");
    }
    if (supplier != null) {
      given.add("a supplier");
    }
    if (kafka.has(property)) {
      given.add("the Kafka setting " + property);
    }
    if (given.size() != 1) {
      refuseCount(method, property, given);
      return null;
    }
    if (instance != null) {
      return Deserializers.shared(instance, lock);
    }
    return supplier != null ? Deserializers.supplied(supplier) : byName(property);
  }

  private void refuseCount(String method, String property, List<String> given) {
    findings.unsafe(
        method,
        given.isEmpty() ? Findings.UNSET : String.join(" and ", given),
        "a deserializer must be given, in exactly one place",
        "call " + method + "(..) once, or set " + property + " in kafka(..)");
  }

  private <T> @Nullable DeserializerSource<T> byName(String property) {
    Object given = kafka.raw(property);
    if (given == null) {
      return null;
    }
    Class<?> type;
    try {
      type = (Class<?>) ConfigDef.parseType(property, given, ConfigDef.Type.CLASS);
    } catch (ConfigException | LinkageError unusable) {
      return refuse(
          property,
          "must be a Class, or the name of one on the class path",
          "correct the name, or add the jar that holds it; an instance goes to the builder");
    }
    if (!Deserializer.class.isAssignableFrom(type)) {
      return refuse(
          property, "must implement " + Deserializer.class.getName(), "name a deserializer");
    }
    if (!Deserializers.canBeCreated(type)) {
      return refuse(
          property,
          "must be a public class with a public constructor without parameters, and not abstract",
          "give an instance or a supplier instead");
    }
    // What a name stands for is known to the user only, as with Kafka's own client.
    @SuppressWarnings("unchecked")
    Class<? extends Deserializer<? extends T>> named =
        (Class<? extends Deserializer<? extends T>>) type;
    return Deserializers.named(named);
  }

  private <T> @Nullable DeserializerSource<T> refuse(String property, String rule, String remedy) {
    findings.unsafe(property, kafka.shown(property), rule, remedy);
    return null;
  }
}
