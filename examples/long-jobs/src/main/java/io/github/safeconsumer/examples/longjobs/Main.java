package io.github.safeconsumer.examples.longjobs;

import io.github.safeconsumer.localkafka.Sandbox;

/** Runs the staging, with a broker of its own. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      System.err.println("usage: examples/run long-jobs");
      System.exit(64);
    }
    try (Sandbox sandbox = Sandbox.start()) {
      System.exit(new Staging(sandbox, System.out).run() ? 0 : 1);
    }
  }
}
