package io.github.safeconsumer.internal.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * The version of the Kafka client on the class path.
 *
 * @param text as the client names itself
 */
record ClientVersion(String text, int major, int minor, int patch) {
  private static final Pattern APACHE =
      Pattern.compile(
          "(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})(?:-(?:rc\\d+|SNAPSHOT))?",
          Pattern.CASE_INSENSITIVE);

  /**
   * Read from the resource in which the client keeps it: the class that reads it for Kafka has
   * moved between versions. Empty where it is missing (a shaded client) or numbered by a
   * distributor's own scheme.
   */
  static Optional<ClientVersion> onClassPath() {
    try (InputStream in =
        ConsumerConfig.class.getResourceAsStream("/kafka/kafka-version.properties")) {
      if (in == null) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      properties.load(in);
      return parse(properties.getProperty("version", "").strip());
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  static Optional<ClientVersion> parse(String text) {
    Matcher parts = APACHE.matcher(text);
    return parts.matches()
        ? Optional.of(
            new ClientVersion(
                text, number(parts.group(1)), number(parts.group(2)), number(parts.group(3))))
        : Optional.empty();
  }

  boolean isAtLeast(int otherMajor, int otherMinor, int otherPatch) {
    if (major != otherMajor) {
      return major > otherMajor;
    }
    return minor != otherMinor ? minor > otherMinor : patch >= otherPatch;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }
}
