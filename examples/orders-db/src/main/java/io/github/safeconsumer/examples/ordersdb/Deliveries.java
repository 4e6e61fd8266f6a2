package io.github.safeconsumer.examples.ordersdb;

import com.zaxxer.hikari.HikariDataSource;
import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.examples.ordersdb.OrderWriter.Order;
import io.github.safeconsumer.localkafka.Sandbox;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Delivers orders once, then all of them again, then some while the database is away. */
final class Deliveries {
  static final String TOPIC = "orders";
  static final String GROUP = "orders-db";
  static final int PARTITIONS = 3;
  static final int ORDERS = 300;
  static final int DURING_OUTAGE = 50;
  static final int BAD = 2;

  private final Sandbox sandbox;
  private final Database database;
  private final PrintStream out;
  private boolean good = true;

  Deliveries(Sandbox sandbox, Database database, PrintStream out) {
    this.sandbox = sandbox;
    this.database = database;
    this.out = out;
  }

  /** Whether all came out as it should. */
  boolean run() throws Exception {
    sandbox.topic(TOPIC, PARTITIONS);
    send(0, ORDERS);
    send(7, 8); // a producer that sent an order twice
    sandbox.send(TOPIC, "customer-1", "{\"id\": \"order-300\", \"customer\"");
    sandbox.send(TOPIC, "customer-2", json("order-301", 2, "snow", 1));
    out.printf("%d orders, one of them sent twice; one more is no whole JSON,%n", ORDERS);
    out.println("and one is for an item that nobody has");
    try (HikariDataSource pool = OrderWriter.pool(database.url(), Database.SCHEMA);
        Offsets offsets = new Offsets(sandbox.bootstrapServers())) {
      deliver(pool, ORDERS + 1);
      report("delivered once", offsets, ORDERS, BAD);
      offsets.rewind(GROUP, TOPIC, PARTITIONS);
      deliver(pool, ORDERS + 1);
      // A dead letter is written again as well; it has the same id as before.
      report("delivered again, all of them", offsets, ORDERS, 2 * BAD);
      if (database.canGoAway()) {
        deliverWithoutDatabase(pool);
        report("delivered without a database", offsets, ORDERS + DURING_OUTAGE, 2 * BAD);
      }
    }
    return good;
  }

  private void send(int from, int to) {
    for (int i = from; i < to; i++) {
      String item = i % 2 == 0 ? "tea" : "cups";
      sandbox.send(TOPIC, "customer-" + i % 20, json("order-" + i, i % 20, item, quantity(i)));
    }
  }

  private static int quantity(int order) {
    return 1 + order % 5;
  }

  private static String json(String id, int customer, String item, int quantity) {
    return """
        {"id": "%s", "customer": "customer-%d", "item": "%s", "quantity": %d}"""
        .formatted(id, customer, item, quantity);
  }

  private Map<String, Object> kafka() {
    return Map.of(
        "bootstrap.servers",
        sandbox.bootstrapServers(),
        "group.id",
        GROUP,
        "auto.offset.reset",
        "earliest");
  }

  /** The handler of the example, with a latch around it. */
  private static RecordHandler<String, Order> counted(
      HikariDataSource pool, CountDownLatch handled) {
    RecordHandler<String, Order> handler = OrderWriter.handler(pool);
    return RecordHandler.of(
        (record, context) -> {
          handler.handle(record, context);
          handled.countDown();
        });
  }

  private void deliver(HikariDataSource pool, int count) throws Exception {
    CountDownLatch handled = new CountDownLatch(count);
    CountDownLatch letters = new CountDownLatch(BAD);
    try (SafeConsumer<String, Order> consumer =
        OrderWriter.consumer(kafka(), TOPIC, counted(pool, handled))
            .listener(
                event -> {
                  if (event instanceof SafeConsumerEvent.DeadLettered) {
                    letters.countDown();
                  }
                })
            .build()) {
      consumer.start();
      await(handled, "orders");
      await(letters, "dead letters");
    } // drained and committed
  }

  private void deliverWithoutDatabase(HikariDataSource pool) throws Exception {
    CountDownLatch handled = new CountDownLatch(DURING_OUTAGE);
    CountDownLatch open = new CountDownLatch(1);
    try (SafeConsumer<String, Order> consumer =
        OrderWriter.consumer(kafka(), TOPIC, counted(pool, handled))
            .listener(
                event -> {
                  if (event instanceof SafeConsumerEvent.BreakerChanged breaker
                      && breaker.to() == BreakerStatus.State.OPEN) {
                    open.countDown();
                  }
                })
            .build()) {
      consumer.start();
      database.goAway();
      send(1_000, 1_000 + DURING_OUTAGE);
      await(open, "the breaker");
      out.println("the database is away: " + consumer.health().reasons().get(0));
      database.comeBack();
      await(handled, "orders");
    }
  }

  private void await(CountDownLatch latch, String what) throws InterruptedException {
    if (!latch.await(60, TimeUnit.SECONDS)) {
      out.printf("NOT AS IT SHOULD BE: waited in vain for %d of %s%n", latch.getCount(), what);
      good = false;
    }
  }

  /** What the database and the broker hold, beside what they should. */
  private void report(String when, Offsets offsets, int orders, long letters) throws Exception {
    long rows = database.orders();
    long taken = database.taken();
    long dead = offsets.ends(TOPIC + ".dlt", PARTITIONS).values().stream().mapToLong(n -> n).sum();
    boolean committed = sandbox.committed(GROUP, TOPIC).equals(offsets.ends(TOPIC, PARTITIONS));
    out.printf(
        "%-30s %d rows, %d taken from the stock, %d dead letters, %s%n",
        when + ":", rows, taken, dead, committed ? "all committed" : "NOT ALL COMMITTED");
    long shouldBeTaken = 0;
    for (int i = 0; i < ORDERS; i++) {
      shouldBeTaken += quantity(i);
    }
    for (int i = 0; i < orders - ORDERS; i++) {
      shouldBeTaken += quantity(1_000 + i);
    }
    if (rows != orders || taken != shouldBeTaken || dead != letters || !committed) {
      out.printf(
          "NOT AS IT SHOULD BE: %d rows, %d taken, %d dead letters%n",
          orders, shouldBeTaken, letters);
      good = false;
    }
  }
}
