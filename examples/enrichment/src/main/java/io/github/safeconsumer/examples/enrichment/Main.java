package io.github.safeconsumer.examples.enrichment;

import io.github.safeconsumer.localkafka.Sandbox;

/** Runs the staging, with a broker and an API of its own. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      System.err.println("usage: examples/run enrichment");
      System.exit(64);
    }
    try (Sandbox sandbox = Sandbox.start();
        PaidApi api = new PaidApi()) {
      System.exit(new Staging(sandbox, api, System.out).run() ? 0 : 1);
    }
  }
}
