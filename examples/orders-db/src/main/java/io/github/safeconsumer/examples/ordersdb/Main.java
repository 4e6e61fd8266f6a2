package io.github.safeconsumer.examples.ordersdb;

import io.github.safeconsumer.localkafka.Sandbox;
import java.util.List;

/** Runs the staging; its database is in memory, or the one at {@code --jdbc URL}. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    List<String> given = List.of(arguments);
    boolean own = given.size() == 2 && given.get(0).equals("--jdbc");
    if (!given.isEmpty() && !own) {
      System.err.println("usage: examples/run orders-db [--jdbc URL]");
      System.exit(64);
    }
    boolean good;
    try (Database database = own ? Database.at(given.get(1)) : Database.inMemory();
        Sandbox sandbox = Sandbox.start()) {
      good = new Deliveries(sandbox, database, System.out).run();
    }
    System.exit(good ? 0 : 1);
  }
}
