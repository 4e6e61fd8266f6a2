package io.github.safeconsumer.internal.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one Kafka client, each checked by that client's own definition. What cannot be used
 * is reported once and then reads as its default, so that every other check still runs.
 */
final class KafkaProperties {
  private final ConfigDef definition;
  private final Set<String> named;
  private final Map<String, Object> given = new HashMap<>();
  private final Map<String, Object> usable = new HashMap<>();

  /**
   * Checks the settings.
   *
   * @param prefix put before the key in findings, for settings that are not given to {@code
   *     kafka()}
   * @param resolvedByClient whether config providers are given, here or where these settings are
   *     added to
   * @param elsewhere keys that another check reads and judges
   */
  KafkaProperties(
      ConfigDef definition,
      Map<String, ? extends @Nullable Object> raw,
      String prefix,
      boolean resolvedByClient,
      Set<String> elsewhere,
      Findings findings) {
    this.definition = definition;
    this.named = Set.copyOf(raw.keySet());
    PropertyCheck check = new PropertyCheck(definition, prefix, resolvedByClient, findings);
    new TreeMap<String, @Nullable Object>(raw)
        .forEach((key, value) -> take(key, value, check, elsewhere.contains(key)));
  }

  private void take(
      String key, @Nullable Object value, PropertyCheck check, boolean judgedElsewhere) {
    if (value == null) {
      check.refuseNull(key);
      return;
    }
    given.put(key, value);
    if (!judgedElsewhere) {
      check.parse(key, value).ifPresent(parsed -> usable.put(key, parsed));
    }
  }

  /** What was given, without nulls, numbers in the type in which the client wants them. */
  Map<String, Object> forClient() {
    Map<String, Object> settings = new HashMap<>(given);
    usable.forEach(
        (key, parsed) -> {
          if (parsed instanceof Number) {
            settings.put(key, parsed);
          }
        });
    return settings;
  }

  /** Whether the setting was given, be it null or useless. */
  boolean has(String key) {
    return named.contains(key);
  }

  /** Whether a value was given that can be used. */
  boolean usable(String key) {
    return usable.containsKey(key);
  }

  /**
   * The given value, unparsed; null where none was given, or null was (which is refused already).
   */
  @Nullable Object raw(String key) {
    return given.get(key);
  }

  /** The value as findings may show it. */
  String shown(String key) {
    return has(key) ? Shown.property(definition, key, given.get(key)) : Findings.UNSET;
  }

  /** The value as a message names it: with the word "default" where it was not given. */
  String shownWithDefault(String key) {
    return has(key) ? key + "=" + shown(key) : key + "=" + effective(key) + " (Kafka's default)";
  }

  /** The usable value given, or Kafka's default; null where there is neither. */
  @Nullable Object effective(String key) {
    Object parsed = usable.get(key);
    if (parsed != null) {
      return parsed;
    }
    ConfigKey known = definition.configKeys().get(key);
    return known == null || !known.hasDefault() ? null : known.defaultValue;
  }

  int number(String key) {
    return ((Number) Objects.requireNonNull(effective(key), key)).intValue();
  }

  Duration millis(String key) {
    return Duration.ofMillis(((Number) Objects.requireNonNull(effective(key), key)).longValue());
  }

  boolean flag(String key) {
    return Boolean.TRUE.equals(effective(key));
  }

  /** The text, stripped; empty where there is none. */
  String text(String key) {
    return effective(key) instanceof String text ? text.strip() : "";
  }

  List<String> texts(String key) {
    return effective(key) instanceof List<?> list
        ? list.stream()
            .map(
                entry ->
                    entry instanceof Class<?> type ? type.getName() : String.valueOf(entry).strip())
            .toList()
        : List.of();
  }
}
