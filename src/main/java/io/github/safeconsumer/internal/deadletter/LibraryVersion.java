package io.github.safeconsumer.internal.deadletter;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this library. */
final class LibraryVersion {
  /** As in Maven; "unknown" when it does not run from its jar. */
  static final String VALUE =
      read("/META-INF/maven/io.github.safeconsumer/kafka-safe-consumer/pom.properties");

  private LibraryVersion() {}

  /**
   * Not from the manifest: in an application packed into one jar that would be the application's
   * version.
   */
  static String read(String resource) {
    try (InputStream in = LibraryVersion.class.getResourceAsStream(resource)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException | IllegalArgumentException unreadable) {
      return "unknown";
    }
  }
}
