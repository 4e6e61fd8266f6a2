package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.internal.shell.PlantedShell;
import org.apache.kafka.clients.consumer.Consumer;

/** Classes of the core that break a rule each, by which the rules prove that they see it. */
public final class PlantedCore {
  private PlantedCore() {}

  /** Depends upwards. */
  public record KnowsShell(PlantedShell shell) {}

  /** Runs by itself. */
  public static final class StartsThread {
    void run(Runnable work) {
      new Thread(work).start();
    }
  }

  /** Cannot be simulated. */
  public static final class ReadsClock {
    long now() {
      return System.nanoTime();
    }
  }

  /** Acts instead of deciding. */
  public static final class Prints {
    void print() {
      System.out.println();
    }
  }

  /** Could call Kafka. */
  public record HoldsConsumer(Consumer<byte[], byte[]> consumer) {}
}
