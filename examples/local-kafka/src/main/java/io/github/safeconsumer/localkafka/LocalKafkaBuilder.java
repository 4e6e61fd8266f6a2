package io.github.safeconsumer.localkafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Settings of a {@link LocalKafka} that is not started yet. */
public final class LocalKafkaBuilder {
  private static final int MAX_NODES = 3;

  private final Map<String, String> listeners = new LinkedHashMap<>();
  private final Map<String, String> brokerProperties = new TreeMap<>();
  private List<String> jvmFlags =
      List.of("-Xms128m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private int nodes = 1;

  LocalKafkaBuilder() {}

  /** How many nodes, 1 to 3; the default is 1. Each is a broker and a controller. */
  public LocalKafkaBuilder nodes(int count) {
    if (count < 1 || count > MAX_NODES) {
      throw new IllegalArgumentException(
          "nodes must be 1 to " + MAX_NODES + ", but was " + count + ": ask for fewer or more");
    }
    nodes = count;
    return this;
  }

  /**
   * Sets a property of every broker, over the one that the fixture sets. See {@link
   * BrokerProperties} for those.
   */
  public LocalKafkaBuilder brokerProperty(String name, String value) {
    brokerProperties.put(name, value);
    return this;
  }

  /** As {@link #brokerProperty}, for each entry. */
  public LocalKafkaBuilder brokerProperties(Map<String, String> properties) {
    brokerProperties.putAll(properties);
    return this;
  }

  /**
   * Adds a listener for clients, on a port of its own, beside {@link LocalKafka#PLAINTEXT}. Its
   * keys, certificates and users are broker properties that begin with {@code listener.name.<name
   * in lower case>.}, so give them through {@link #brokerProperty}. The brokers themselves talk
   * over the plain listener.
   *
   * @param name upper case, such as {@code SECURE}
   * @param securityProtocol as Kafka names it: {@code SSL}, {@code SASL_SSL}, {@code
   *     SASL_PLAINTEXT} or {@code PLAINTEXT}
   */
  public LocalKafkaBuilder listener(String name, String securityProtocol) {
    if (ClusterLayout.isReserved(name)) {
      throw new IllegalArgumentException(
          "listener must not be named " + name + ", which every cluster has: use another name");
    }
    listeners.put(name, securityProtocol);
    return this;
  }

  /**
   * Replaces the flags of the brokers' JVMs. The default suits a start in seconds and little
   * memory; a benchmark wants the full compiler and more heap.
   */
  public LocalKafkaBuilder jvmFlags(String... flags) {
    jvmFlags = List.of(flags);
    return this;
  }

  /**
   * Starts the cluster and returns once every node serves clients.
   *
   * @throws IllegalStateException when a node ends or is not ready within 120 seconds; the message
   *     holds the end of its log
   */
  public LocalKafka start() {
    BrokerClassPath classPath = BrokerClassPath.load();
    ClusterLayout layout = ClusterLayout.create(nodes, List.copyOf(listeners.keySet()));
    BrokerProperties properties = new BrokerProperties(layout, listeners, brokerProperties);
    List<BrokerNode> handles = new ArrayList<>();
    IntStream.range(0, nodes)
        .forEach(
            node -> {
              properties.write(node);
              handles.add(new BrokerNode(node, layout, classPath, jvmFlags));
            });
    return LocalKafka.start(layout, handles);
  }
}
