package io.github.safeconsumer.examples.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.safeconsumer.examples.bench.subject.Order;
import java.util.Random;

/** Values of records: bytes that cannot be compressed, or orders. A few, used over and over. */
final class Values {
  private static final int DIFFERENT = 1_024;

  private final byte[][] values = new byte[DIFFERENT][];

  Values(int bytes) {
    Random random = new Random(7);
    for (int i = 0; i < DIFFERENT; i++) {
      values[i] = bytes == 0 ? order(i, random) : new byte[bytes];
      if (bytes > 0) {
        random.nextBytes(values[i]);
      }
    }
  }

  private static byte[] order(int number, Random random) {
    Order order =
        new Order(
            "order-" + (1_000_000 + number),
            "customer-" + random.nextInt(100_000),
            "sku-" + random.nextInt(10_000),
            1 + random.nextInt(20),
            random.nextInt(100_000),
            "EUR",
            random.nextBoolean(),
            "leave at the door");
    try {
      return new ObjectMapper().writeValueAsBytes(order);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an order cannot be written", e);
    }
  }

  byte[] at(long index) {
    return values[(int) (index % DIFFERENT)];
  }
}
