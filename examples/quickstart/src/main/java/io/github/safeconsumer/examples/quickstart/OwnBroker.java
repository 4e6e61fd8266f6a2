package io.github.safeconsumer.examples.quickstart;

import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.localkafka.Sandbox;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ten orders, one of them bad, and what becomes of them. */
final class OwnBroker {
  static final String TOPIC = "orders";
  private static final int ORDERS = 10;
  private static final int BAD = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Sandbox sandbox;
  private final PrintStream out;
  private final CountDownLatch handled = new CountDownLatch(ORDERS - 1);

  OwnBroker(Sandbox sandbox, PrintStream out) {
    this.sandbox = sandbox;
    this.out = out;
  }

  private void handle(String order) {
    if (order.endsWith("-" + BAD)) {
      throw new NonRetryableException("no such customer");
    }
    out.println("shipped " + order);
    handled.countDown();
  }

  /** Whether all came out as it should. */
  boolean run() throws Exception {
    sandbox.topic(TOPIC, 3);
    for (int i = 0; i < ORDERS; i++) {
      sandbox.send(TOPIC, "customer-" + i % 3, "order-" + i);
    }
    try (SafeConsumer<String, String> consumer =
        Quickstart.consumer(
            sandbox.bootstrapServers(),
            TOPIC,
            RecordHandler.of((record, context) -> handle(record.value())))) {
      Outcome joined = consumer.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      out.println(joined.reason());
      boolean shipped = handled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      String letter = sandbox.read(TOPIC + ".dlt", 1).get(0).value();
      out.println("dead letter: " + letter);
      consumer.diagnose().forEach(cause -> out.println(cause.code() + ": " + cause.evidence()));
      return shipped && letter.equals("order-" + BAD);
    }
  }
}
