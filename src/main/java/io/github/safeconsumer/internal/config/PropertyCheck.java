package io.github.safeconsumer.internal.config;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Judges one Kafka setting by type and validity. Messages are its own: Kafka's repeat the value,
 * passwords included.
 */
final class PropertyCheck {
  static final String CONFIG_PROVIDERS = "config.providers";

  private static final Set<String> READ_HERE =
      Set.of(
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.CLIENT_ID_CONFIG,
          ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG);

  private final ConfigDef definition;
  private final String prefix;
  private final boolean resolvedByClient;
  private final Findings findings;

  /**
   * A check of one client's settings.
   *
   * @param resolvedByClient true where config providers are given: a value with <code>${...}</code>
   *     in it is known only to the client
   */
  PropertyCheck(ConfigDef definition, String prefix, boolean resolvedByClient, Findings findings) {
    this.definition = definition;
    this.prefix = prefix;
    this.resolvedByClient = resolvedByClient;
    this.findings = findings;
  }

  /**
   * A whole number as text where a whole number is wanted: Kafka refuses a {@code Long} where it
   * wants an {@code Integer}, even if the value fits.
   */
  private static Object plain(Object value, ConfigDef.Type type) {
    boolean wanted =
        type == ConfigDef.Type.INT || type == ConfigDef.Type.LONG || type == ConfigDef.Type.SHORT;
    boolean whole =
        value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte;
    return wanted && whole ? value.toString() : value;
  }

  void refuseNull(String key) {
    findings.unsafe(
        prefix + key,
        "null",
        "a setting must have a value",
        "give a value, or leave the setting out");
  }

  /**
   * The value as the client will read it; empty where it is unknown to the client or cannot be
   * used, which then is a finding.
   */
  Optional<Object> parse(String key, Object value) {
    ConfigKey known = definition.configKeys().get(key);
    if (known == null) {
      UnknownSettings.advise(definition, prefix + key, key, findings);
      return Optional.empty();
    }
    if (resolvedByClient && value instanceof String text && text.contains("${")) {
      refuseIfReadHere(key);
      return Optional.empty();
    }
    Object parsed;
    try {
      parsed = ConfigDef.parseType(key, plain(value, known.type), known.type);
    } catch (ConfigException | LinkageError unusable) {
      return refuse(
          known,
          value,
          wanted(known.type)
              + (value instanceof String ? "" : ", not a " + value.getClass().getName()));
    }
    try {
      if (known.validator != null) {
        known.validator.ensureValid(key, parsed);
      }
    } catch (RuntimeException invalid) {
      return refuse(known, value, allowed(known));
    }
    return Optional.ofNullable(parsed);
  }

  private void refuseIfReadHere(String key) {
    if (READ_HERE.contains(key)) {
      findings.unsafe(
          prefix + key,
          Shown.HIDDEN,
          "the library reads it itself, before a config provider could resolve it",
          "give the value itself");
    }
  }

  private Optional<Object> refuse(ConfigKey key, Object value, String rule) {
    findings.unsafe(
        prefix + key.name,
        Shown.property(definition, key.name, value),
        rule,
        "correct it, or leave it out" + orDefault(key));
    return Optional.empty();
  }

  private static String orDefault(ConfigKey key) {
    @Nullable Object value = key.hasDefault() ? key.defaultValue : null;
    return value == null || Shown.isSecret(key) || value.toString().isEmpty()
        ? ""
        : " for Kafka's default, " + Shown.text(value);
  }

  private static String allowed(ConfigKey key) {
    if (key.type == ConfigDef.Type.LIST) {
      return "at least one entry is needed, none of them blank or twice";
    }
    String text = String.valueOf(key.validator);
    boolean speaks = !text.isBlank() && !text.contains("@") && !text.contains("$$");
    return "this Kafka client does not allow it; allowed: "
        + (speaks ? text : "see its documentation of " + key.name);
  }

  private static String wanted(ConfigDef.Type type) {
    return switch (type) {
      case BOOLEAN -> "must be true or false";
      case SHORT -> "must be a whole number from " + Short.MIN_VALUE + " to " + Short.MAX_VALUE;
      case INT -> "must be a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
      case LONG -> "must be a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE;
      case DOUBLE -> "must be a number";
      case STRING -> "must be a String";
      case LIST -> "must be a List or a String of values separated by commas";
      case CLASS -> "must be a Class, or the name of one on the class path";
      case PASSWORD -> "must be a String or a Password";
    };
  }
}
