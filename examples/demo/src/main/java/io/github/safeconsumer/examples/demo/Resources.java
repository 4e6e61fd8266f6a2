package io.github.safeconsumer.examples.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What must be closed however the demo ends, Ctrl-C included: the last opened first.
 *
 * <p>Opening and closing exclude each other, so a Ctrl-C while the broker starts waits for it and
 * then ends it too.
 */
final class Resources implements AutoCloseable {
  private final Deque<Runnable> closings = new ArrayDeque<>();
  private volatile boolean closing;

  /** Resources that the end of the JVM closes, if nobody has before. */
  static Resources closedWithTheJvm() {
    Resources resources = new Resources();
    Runtime.getRuntime().addShutdownHook(new Thread(resources::close, "close-all"));
    return resources;
  }

  /**
   * Opens one more.
   *
   * @throws IllegalStateException once {@link #close} was called
   */
  synchronized <T> T open(Supplier<T> open, Consumer<T> close) {
    if (closing) {
      throw new IllegalStateException("the demo is ending");
    }
    T resource = open.get();
    closings.push(() -> close.accept(resource));
    return resource;
  }

  @Override
  public void close() {
    closing = true;
    closeAll();
  }

  private synchronized void closeAll() {
    while (!closings.isEmpty()) {
      try {
        closings.pop().run();
      } catch (RuntimeException e) {
        System.err.println("while closing: " + e);
      }
    }
  }

  /** Whether {@link #close} was called: then failures elsewhere are only its echo. */
  boolean isClosing() {
    return closing;
  }
}
