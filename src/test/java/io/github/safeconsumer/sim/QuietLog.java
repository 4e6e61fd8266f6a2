package io.github.safeconsumer.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Thousands of failing clients fill no log. */
final class QuietLog {
  private QuietLog() {}

  /** Something that runs simulations. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** The library says nothing meanwhile. */
  static void during(Work work) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("io.github.safeconsumer");
    Level before = logger.getLevel();
    logger.setLevel(Level.OFF);
    try {
      work.run();
    } finally {
      logger.setLevel(before);
    }
  }
}
