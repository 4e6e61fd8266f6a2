package io.github.safeconsumer.examples.testingahandler;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.examples.testingahandler.Shipping.Order;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A tour of the testing kit, with the time that it takes. How the same looks as tests, to copy, is
 * in {@code ShippingTest}.
 */
public final class Main {
  /** Nobody connects to it. */
  static final Map<String, String> KAFKA =
      Map.of(
          "bootstrap.servers", "unused:9092",
          "group.id", "shipping",
          "auto.offset.reset", "earliest");

  private boolean good = true;

  private Main() {}

  public static void main(String[] arguments) {
    if (arguments.length != 0) {
      System.err.println("usage: examples/run testing-a-handler");
      System.exit(64);
    }
    long begun = System.nanoTime();
    Main tour = new Main();
    tour.retries();
    tour.deadLetters();
    tour.crash();
    tour.outage();
    System.out.printf("all of it took %.1f s, with no broker%n", (System.nanoTime() - begun) / 1e9);
    System.exit(tour.good ? 0 : 1);
  }

  private static HandlerTestDriver<String, Order> driver(FakeWarehouse warehouse) {
    return HandlerTestDriver.of(Shipping.consumer(KAFKA, warehouse));
  }

  private void retries() {
    FakeWarehouse warehouse = new FakeWarehouse().refuse(2);
    try (HandlerTestDriver<String, Order> driver = driver(warehouse)) {
      Instant begun = driver.clock().instant();
      driver.pipe("orders", "customer-1", new Order("a", 3));
      driver.advanceTime(Duration.ofSeconds(10));
      System.out.println("a warehouse that refuses twice:");
      driver.events().stream()
          .filter(SafeConsumerEvent.RetryScheduled.class::isInstance)
          .map(SafeConsumerEvent.RetryScheduled.class::cast)
          .forEach(
              retry ->
                  System.out.printf(
                      "  after %d s attempt %d failed, the next one in %d s%n",
                      Duration.between(begun, retry.at()).toSeconds(),
                      retry.attempt(),
                      retry.delay().toSeconds()));
      check("shipped at the third attempt", warehouse.calls() == 3 && ships(warehouse, "a"));
    }
  }

  private void deadLetters() {
    FakeWarehouse warehouse = new FakeWarehouse();
    try (HandlerTestDriver<String, Order> driver = driver(warehouse)) {
      driver.pipe("orders", "customer-1", new Order("b", 0));
      driver.pipeBytes("orders", null, new byte[] {'{'});
      driver.pipe("orders", "customer-1", new Order("c", 1));
      System.out.println("an order of nothing, half a JSON, and a good order:");
      for (DeadLetter letter : driver.deadLetters()) {
        System.out.printf(
            "  dead letter of offset %d: %s, %s%n",
            letter.offset(), letter.reason(), letter.exceptionMessage());
      }
      check(
          "two dead letters, the good one shipped, all committed",
          driver.deadLetters().size() == 2
              && ships(warehouse, "c")
              && driver.committed("orders", 0).getAsLong() == 3);
    }
  }

  private void crash() {
    FakeWarehouse warehouse = new FakeWarehouse();
    try (HandlerTestDriver<String, Order> driver = driver(warehouse)) {
      driver.commitsFail(true);
      driver.pipe("orders", "customer-1", new Order("d", 2));
      driver.crashAndRestart();
      driver.commitsFail(false);
      driver.advanceTime(Duration.ofMinutes(1));
      System.out.println("a process that dies after the work and before the commit:");
      System.out.printf("  the warehouse was called %d times%n", warehouse.calls());
      check(
          "shipped once, committed",
          warehouse.calls() == 2
              && warehouse.shipped().equals(Map.of("d", 2))
              && driver.committed("orders", 0).getAsLong() == 1);
    }
  }

  private void outage() {
    FakeWarehouse warehouse = new FakeWarehouse().away(true);
    try (HandlerTestDriver<String, Order> driver = driver(warehouse)) {
      for (int i = 0; i < 20; i++) {
        driver.pipe("orders", "customer-" + i, new Order("e" + i, 1));
      }
      driver.advanceTime(Duration.ofMinutes(5));
      System.out.println("a warehouse that is away for five minutes, and 20 orders:");
      BreakerStatus breaker = driver.status().breakers().get(0);
      System.out.printf(
          "  breaker %s after %d calls, %d dead letters%n",
          breaker.state(), warehouse.calls(), driver.deadLetters().size());
      warehouse.away(false);
      driver.advanceTime(Duration.ofMinutes(1)); // the longest wait between two probes
      check(
          "the breaker was open, nothing was given up, all shipped when it was back",
          breaker.state() == BreakerStatus.State.OPEN
              && driver.deadLetters().isEmpty()
              && warehouse.shipped().size() == 20
              && driver.committed("orders", 0).getAsLong() == 20);
    }
  }

  private static boolean ships(FakeWarehouse warehouse, String id) {
    return warehouse.shipped().containsKey(id);
  }

  private void check(String claim, boolean holds) {
    System.out.println(holds ? "  " + claim : "  NOT AS IT SHOULD BE: " + claim);
    good &= holds;
  }
}
