package io.github.safeconsumer.examples.sealedtopics;

import io.github.safeconsumer.examples.sealedtopics.OrderEvents.Cases;
import io.github.safeconsumer.examples.sealedtopics.OrderEvents.OrderCancelled;
import io.github.safeconsumer.examples.sealedtopics.OrderEvents.OrderPaid;
import io.github.safeconsumer.examples.sealedtopics.OrderEvents.OrderPlaced;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

/** What is known of each order, in whatever order it became known. Noting it twice is no harm. */
final class Ledger implements Cases {
  private final Map<String, Set<String>> orders = new TreeMap<>();
  private final CountDownLatch expected;

  Ledger(int events) {
    expected = new CountDownLatch(events);
  }

  @Override
  public void placed(OrderPlaced event) {
    note(event.orderId(), "placed");
  }

  @Override
  public void paid(OrderPaid event) {
    note(event.orderId(), "paid");
  }

  @Override
  public void cancelled(OrderCancelled event) {
    note(event.orderId(), "cancelled");
  }

  private synchronized void note(String order, String what) {
    orders.computeIfAbsent(order, id -> new TreeSet<>()).add(what);
    expected.countDown();
  }

  synchronized long count(String what) {
    return orders.values().stream().filter(facts -> facts.contains(what)).count();
  }

  synchronized Set<String> of(String order) {
    return Set.copyOf(orders.getOrDefault(order, Set.of()));
  }

  /** Counts down with each event that was noted. */
  CountDownLatch expected() {
    return expected;
  }
}
