package io.github.safeconsumer.sim.kafka;

/** What the parts of one client share. */
final class Core {
  final SimCluster cluster;
  final World world;
  final Faults faults;
  final SimProcess process;
  final ClientSettings settings;
  final ClientId id;
  final Wire wire;
  final Partitions partitions = new Partitions();
  boolean closed;

  Core(SimCluster cluster, SimProcess process, ClientSettings settings) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.faults = cluster.faults();
    this.process = process;
    this.settings = settings;
    this.id = new ClientId(cluster.nextClient(), process, settings.group(), settings.instance());
    this.wire = new Wire(cluster, process);
  }

  /** Whether a group request would be answered now. */
  boolean coordinated() {
    return cluster.coordinates(settings.group());
  }
}
