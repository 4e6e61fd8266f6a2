package io.github.safeconsumer.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The threads of this JVM, by name. */
public final class Threads {
  private Threads() {}

  /** Names of live threads that contain this. */
  public static List<String> named(String part) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.contains(part))
        .toList();
  }

  /**
   * Waits until no thread's name contains this. The one that completes the caller's futures ends a
   * moment after it completed the last.
   */
  public static void awaitNone(String part, Duration bound) {
    await().atMost(bound).untilAsserted(() -> assertThat(named(part)).isEmpty());
  }

  /** Whether it is in a method of a class whose name ends so. */
  public static boolean isIn(Thread thread, String className) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().endsWith(className));
  }
}
