package io.github.safeconsumer.internal.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/**
 * Values as findings may show them. A value is shown only where Kafka knows the key and it is no
 * secret: an unknown key can be a misspelt password, or the setting of a plug-in with credentials
 * in it.
 */
final class Shown {
  static final String HIDDEN = "[hidden]";

  private static final int LONGEST_VALUE = 120;
  private static final int LONGEST_SENTENCE = 500;

  /** As in {@code user:password@host}. */
  private static final Pattern CREDENTIALS = Pattern.compile("[^\\s,]+@");

  private static final List<String> SECRET_PARTS =
      List.of(
          "password",
          "passphrase",
          "secret",
          "jaas",
          "token",
          "credential",
          "user.info",
          "userinfo",
          "private",
          "keystore.key");

  private Shown() {}

  /** The value of a Kafka property, or {@link #HIDDEN}. */
  static String property(ConfigDef definition, String key, @Nullable Object value) {
    if (value == null) {
      return "null";
    }
    ConfigKey known = definition.configKeys().get(key);
    return known == null || isSecret(known) ? HIDDEN : text(value);
  }

  static boolean isSecret(ConfigKey key) {
    String name = key.name.toLowerCase(Locale.ROOT);
    return key.type == ConfigDef.Type.PASSWORD || SECRET_PARTS.stream().anyMatch(name::contains);
  }

  /**
   * A value that is no secret, on one line and of bounded length; of a foreign object the class
   * only.
   */
  static String text(Object value) {
    if (value instanceof Class<?> type) {
      return type.getName();
    }
    if (value instanceof List<?> list) {
      return bounded(
          list.stream()
              .map(entry -> entry == null ? "null" : text(entry))
              .collect(Collectors.joining(", ", "[", "]")),
          LONGEST_VALUE);
    }
    if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
      return bounded(value.toString(), LONGEST_VALUE);
    }
    return "an instance of " + value.getClass().getName();
  }

  /** A sentence of the client's, on one line and of bounded length. */
  static String sentence(String text) {
    return bounded(text, LONGEST_SENTENCE);
  }

  private static String bounded(String text, int longest) {
    String line = CREDENTIALS.matcher(text.replaceAll("\\p{Cntrl}", "?")).replaceAll(HIDDEN + "@");
    return line.length() <= longest
        ? line
        : line.substring(0, longest) + "... (" + line.length() + " characters)";
  }
}
