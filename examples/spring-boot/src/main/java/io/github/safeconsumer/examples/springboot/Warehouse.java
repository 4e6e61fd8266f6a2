package io.github.safeconsumer.examples.springboot;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Service;

/** The work; called by several threads at once. To ship an order twice changes nothing. */
@Service
public class Warehouse {
  private final Map<String, Order> shipped = new HashMap<>();

  public synchronized void ship(Order order) {
    shipped.put(order.id(), order);
    notifyAll();
  }

  public synchronized int shipped() {
    return shipped.size();
  }

  /** For the demo and the tests: whether so many were shipped in time. */
  synchronized boolean await(int orders, Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (shipped.size() < orders) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
