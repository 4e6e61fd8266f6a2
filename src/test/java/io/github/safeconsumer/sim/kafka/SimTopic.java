package io.github.safeconsumer.sim.kafka;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** A topic, from its creation to its deletion. */
public final class SimTopic {
  private final String name;
  private final Uuid id;
  private final List<SimLog> logs = new ArrayList<>();

  SimTopic(String name, Uuid id, int partitions) {
    this.name = name;
    this.id = id;
    growTo(partitions);
  }

  public String name() {
    return name;
  }

  public Uuid id() {
    return id;
  }

  public int partitions() {
    return logs.size();
  }

  public SimLog log(int partition) {
    return logs.get(partition);
  }

  void growTo(int partitions) {
    while (logs.size() < partitions) {
      logs.add(new SimLog());
    }
  }
}
