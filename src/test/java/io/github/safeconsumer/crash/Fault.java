package io.github.safeconsumer.crash;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a record, if anything, besides that its attempts may fail. */
public enum Fault {
  NONE,
  /** Ends its process at once, without shutdown hooks, as a crash in native code would. */
  HALT,
  /** Calls System.exit, so the shutdown hooks run while it waits for them in its handler. */
  EXIT,
  /** Takes all memory; the JVM is told to exit then, without shutdown hooks. */
  MEMORY,
  /** As {@link #HALT}, before any handler sees it. */
  HALT_IN_DESERIALIZER,
  /** Its bytes cannot be read. */
  UNREADABLE,
  /** Its handler says that no attempt can help. */
  HOPELESS;

  /** The exit code of a process that {@link #HALT} ended. */
  static final int HALTED = 71;

  /** That of one that {@link #EXIT} ended. */
  static final int EXITED = 72;

  /** That of a JVM with {@code -XX:+ExitOnOutOfMemoryError}. */
  static final int OUT_OF_MEMORY = 3;

  private static final int CHUNK = 1 << 20;

  /** Whether a handler that gets the record ends its process. */
  boolean killsInHandler() {
    return this == HALT || this == EXIT || this == MEMORY;
  }

  /** Whether a process that gets to the record ends. */
  boolean kills() {
    return killsInHandler() || this == HALT_IN_DESERIALIZER;
  }

  /** How a process says that it died of this. */
  int exitCode() {
    return switch (this) {
      case HALT, HALT_IN_DESERIALIZER -> HALTED;
      case EXIT -> EXITED;
      case MEMORY -> OUT_OF_MEMORY;
      case NONE, UNREADABLE, HOPELESS -> 0;
    };
  }

  /** Ends this process. */
  void kill() {
    switch (this) {
      case HALT, HALT_IN_DESERIALIZER -> Runtime.getRuntime().halt(HALTED);
      case EXIT -> System.exit(EXITED);
      case MEMORY -> exhaustMemory();
      case NONE, UNREADABLE, HOPELESS -> throw new IllegalStateException(this + " kills nobody");
    }
  }

  private static void exhaustMemory() {
    List<byte[]> held = new ArrayList<>();
    for (long all = 0; all >= 0; all += CHUNK) {
      held.add(new byte[CHUNK]);
    }
    throw new IllegalStateException("there is room for " + held.size() + " MiB and more");
  }
}
