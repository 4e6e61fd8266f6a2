package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.internal.config.RawSettings;
import org.jspecify.annotations.Nullable;

/**
 * How the test driver puts another {@link Platform} under a consumer. The public classes show no
 * internal type, so they hand this in when they are loaded; whoever holds a builder has loaded
 * them.
 */
public abstract class ApiAccess {
  private static volatile @Nullable ApiAccess given;

  /** Called once, by the public API. */
  public static void give(ApiAccess access) {
    given = access;
  }

  /**
   * @throws IllegalStateException before any builder was made
   */
  public static ApiAccess get() {
    ApiAccess access = given;
    if (access == null) {
      throw new IllegalStateException("SafeConsumer.Builder is not loaded: no builder was made");
    }
    return access;
  }

  /** What the builder was given so far; not a copy. */
  public abstract <K, V> RawSettings<K, V> settings(SafeConsumer.Builder<K, V> builder);

  /**
   * A consumer around this coordinator.
   *
   * @param afterCommand runs on the caller's thread after each command was recorded, with no lock
   *     held
   */
  public abstract <K, V> SafeConsumer<K, V> consumer(
      Coordinator<K, V> coordinator, Runnable afterCommand);
}
