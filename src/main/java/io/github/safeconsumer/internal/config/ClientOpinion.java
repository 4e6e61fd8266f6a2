package io.github.safeconsumer.internal.config;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka client's own relations between settings, which differ from version to version: it is
 * asked last, without creating a client. Not asked where config providers are given, since they may
 * read files or call services.
 */
final class ClientOpinion {
  private ClientOpinion() {}

  static void ask(Map<String, Object> settings, Findings findings) {
    if (settings.containsKey(PropertyCheck.CONFIG_PROVIDERS)) {
      return;
    }
    try {
      Quiet.judge(settings);
    } catch (ConfigException refused) {
      String said = String.valueOf(refused.getMessage());
      findings.unsafe(
          "kafka",
          Shown.HIDDEN,
          "the Kafka client refuses the combination: "
              + (holdsSecret(said, settings) ? Shown.HIDDEN : Shown.sentence(said)),
          "change the settings that it names");
    }
  }

  /** Whether the text repeats a value that must not be shown. */
  private static boolean holdsSecret(String text, Map<String, Object> settings) {
    ConfigDef definition = ConsumerConfig.configDef();
    return settings.entrySet().stream()
        .filter(setting -> isSecret(definition.configKeys().get(setting.getKey())))
        .map(
            setting ->
                setting.getValue() instanceof Password password
                    ? password.value()
                    : String.valueOf(setting.getValue()))
        .anyMatch(secret -> !secret.isBlank() && text.contains(secret));
  }

  private static boolean isSecret(@Nullable ConfigKey key) {
    return key == null || Shown.isSecret(key);
  }

  /** Kafka's constructor for others logs every setting. */
  private static final class Quiet extends ConsumerConfig {
    private Quiet(Map<String, Object> settings) {
      super(settings, false);
    }

    static void judge(Map<String, Object> settings) {
      new Quiet(settings);
    }
  }
}
