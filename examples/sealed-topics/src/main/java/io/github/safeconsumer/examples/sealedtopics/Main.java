package io.github.safeconsumer.examples.sealedtopics;

import io.github.safeconsumer.localkafka.Sandbox;

/** Runs the staging. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 0) {
      System.err.println("usage: examples/run sealed-topics");
      System.exit(64);
    }
    boolean good;
    try (Sandbox sandbox = Sandbox.start()) {
      good = new Events(sandbox, System.out).run();
    }
    System.exit(good ? 0 : 1);
  }
}
