package io.github.safeconsumer.examples.testingahandler;

import io.github.safeconsumer.examples.testingahandler.Shipping.Warehouse;
import java.io.IOException;
import java.net.ConnectException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A downstream that fails on demand. No locks: the driver runs everything on one thread. */
final class FakeWarehouse implements Warehouse {
  private final Map<String, Integer> shipped = new LinkedHashMap<>();
  private int calls;
  private int refusals;
  private boolean away;

  /** The next calls fail in a way that says nothing of the reason. */
  FakeWarehouse refuse(int times) {
    refusals = times;
    return this;
  }

  /** Whether nobody answers there. */
  FakeWarehouse away(boolean yes) {
    away = yes;
    return this;
  }

  @Override
  public void ship(String id, int quantity) throws IOException {
    calls++;
    if (away) {
      throw new ConnectException("nobody answers");
    }
    if (refusals > 0) {
      refusals--;
      throw new IllegalStateException("not now");
    }
    shipped.putIfAbsent(id, quantity);
  }

  int calls() {
    return calls;
  }

  Map<String, Integer> shipped() {
    return Map.copyOf(shipped);
  }
}
