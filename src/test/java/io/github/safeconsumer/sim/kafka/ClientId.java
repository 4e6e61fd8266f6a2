package io.github.safeconsumer.sim.kafka;

import org.jspecify.annotations.Nullable;

/**
 * A simulated client, from its creation to its close.
 *
 * @param number rises with every client of the cluster
 * @param instance its {@code group.instance.id}
 */
public record ClientId(int number, SimProcess process, String group, @Nullable String instance) {
  @Override
  public String toString() {
    return "client" + number + "@" + process.name();
  }
}
