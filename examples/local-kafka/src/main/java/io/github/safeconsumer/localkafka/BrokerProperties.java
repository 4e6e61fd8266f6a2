package io.github.safeconsumer.localkafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The settings of the nodes: internal topics of one partition, groups that form at once, and
 * time-outs that are short enough to lose a node or a member in a test. What the caller asks for
 * comes last and wins.
 */
final class BrokerProperties {
  private final ClusterLayout layout;
  private final Map<String, String> extraListeners;
  private final Map<String, String> overrides;

  BrokerProperties(
      ClusterLayout layout, Map<String, String> extraListeners, Map<String, String> overrides) {
    this.layout = layout;
    this.extraListeners = Map.copyOf(extraListeners);
    this.overrides = Map.copyOf(overrides);
  }

  void write(int node) {
    try (OutputStream out = Files.newOutputStream(layout.propertiesFile(node))) {
      of(node).store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + layout.propertiesFile(node), e);
    }
  }

  Properties of(int node) {
    Properties properties = new Properties();
    identity(properties, node);
    listeners(properties, node);
    replication(properties);
    groups(properties);
    failures(properties);
    properties.putAll(overrides);
    return properties;
  }

  private void identity(Properties properties, int node) {
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", String.valueOf(ClusterLayout.brokerId(node)));
    properties.put("log.dirs", layout.dataDirectory(node).toString());
    properties.put("auto.create.topics.enable", "false");
    // The default buffer alone takes half of a small heap.
    properties.put("log.cleaner.dedupe.buffer.size", "1048577");
  }

  private void listeners(Properties properties, int node) {
    List<String> forClients = new ArrayList<>(List.of(ClusterLayout.CLIENTS));
    forClients.addAll(extraListeners.keySet());
    List<String> all = new ArrayList<>(forClients);
    all.add(ClusterLayout.CONTROLLERS);
    properties.put("listeners", addresses(node, all));
    properties.put("advertised.listeners", addresses(node, forClients));
    properties.put("listener.security.protocol.map", securityProtocols());
    properties.put("inter.broker.listener.name", ClusterLayout.CLIENTS);
    properties.put("controller.listener.names", ClusterLayout.CONTROLLERS);
    properties.put("controller.quorum.voters", voters());
  }

  private String addresses(int node, List<String> listeners) {
    return listeners.stream()
        .map(name -> name + "://" + ClusterLayout.HOST + ":" + layout.port(node, name))
        .collect(Collectors.joining(","));
  }

  private String securityProtocols() {
    Map<String, String> protocols = new TreeMap<>(extraListeners);
    protocols.put(ClusterLayout.CLIENTS, "PLAINTEXT");
    protocols.put(ClusterLayout.CONTROLLERS, "PLAINTEXT");
    return protocols.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue())
        .collect(Collectors.joining(","));
  }

  private String voters() {
    return IntStream.range(0, layout.nodes())
        .mapToObj(
            node ->
                "%d@%s:%d"
                    .formatted(
                        ClusterLayout.brokerId(node),
                        ClusterLayout.HOST,
                        layout.port(node, ClusterLayout.CONTROLLERS)))
        .collect(Collectors.joining(","));
  }

  private void replication(Properties properties) {
    String replicas = String.valueOf(layout.nodes());
    // One node may be lost without losing writes, where there is more than one to lose.
    String inSync = String.valueOf(Math.min(2, layout.nodes()));
    for (String topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      properties.put(topic + ".replication.factor", replicas);
      properties.put(topic + ".num.partitions", "1");
    }
    properties.put("transaction.state.log.min.isr", inSync);
    properties.put("share.coordinator.state.topic.min.isr", inSync);
    properties.put("default.replication.factor", replicas);
    properties.put("min.insync.replicas", inSync);
  }

  private static void groups(Properties properties) {
    // For members of the classic protocol: no wait for others to join, and short sessions on
    // request.
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("group.min.session.timeout.ms", "1000");
    // For the newer protocols the broker decides, and its minimum is as high as its default.
    for (String kind : List.of("group.consumer.", "group.share.")) {
      for (String bound : List.of("", "min.")) {
        properties.put(kind + bound + "heartbeat.interval.ms", "500");
        properties.put(kind + bound + "session.timeout.ms", "6000");
      }
    }
  }

  private static void failures(Properties properties) {
    properties.put("broker.heartbeat.interval.ms", "250");
    // A killed node cannot register again before its former session has ended.
    properties.put("broker.session.timeout.ms", "1000");
    properties.put("controller.quorum.election.timeout.ms", "500");
  }
}
