package io.github.safeconsumer.internal.config;

/** Checks what the builder was given, all at once, and completes it with the defaults. */
public final class SettingsFactory {
  private SettingsFactory() {}

  /**
   * @throws io.github.safeconsumer.ConfigurationException naming every finding
   */
  public static <K, V> Settings<K, V> create(RawSettings<K, V> raw) {
    throw new UnsupportedOperationException("being written");
  }
}
