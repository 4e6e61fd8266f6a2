package io.github.safeconsumer.examples.demo;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The business, the same for both groups. Thread-safe. */
final class Fulfilment {
  /** Customers 1 to this one exist. */
  static final int CUSTOMERS = 1_000;

  /** What an ordinary order takes. */
  static final Duration ORDINARY = Duration.ofMillis(1);

  /** What an order takes that goes through customs. */
  static final Duration CUSTOMS = Duration.ofMillis(120);

  /** The payment of an order whose card is declined at the first two attempts. */
  static final String DECLINED_TWICE = "declined-twice";

  /** The shipping of an order that takes {@link #CUSTOMS}. */
  static final String BY_CUSTOMS = "customs";

  /** The card company remembers, whichever consumer asks. */
  private final Map<String, Integer> declined = new ConcurrentHashMap<>();

  void fulfil(Order order) throws InterruptedException {
    if (order.customer() > CUSTOMERS) {
      throw new UnknownCustomerException(order.customer());
    }
    if (order.payment().equals(DECLINED_TWICE)
        && declined.merge(order.id(), 1, Integer::sum) <= 2) {
      throw new PaymentDeclinedException();
    }
    simulateWork(order.shipping().equals(BY_CUSTOMS) ? CUSTOMS : ORDINARY);
  }

  private static void simulateWork(Duration latency) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(latency.toNanos());
  }

  /** No attempt can help. */
  static final class UnknownCustomerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownCustomerException(int customer) {
      super("there is no customer " + customer);
    }
  }

  /** A later attempt may succeed. */
  static final class PaymentDeclinedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PaymentDeclinedException() {
      super("the card was declined");
    }
  }
}
