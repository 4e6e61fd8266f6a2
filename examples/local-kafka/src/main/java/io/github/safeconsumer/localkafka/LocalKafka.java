package io.github.safeconsumer.localkafka;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A running cluster of real Kafka brokers, each in a JVM of its own, that a test can kill, freeze
 * and restart. Nodes are numbered from 0.
 *
 * <p>On two cores one node is ready 2 to 3 seconds after the call and three are after 4 to 6, or up
 * to twice that when the machine is busy. A node holds about 180 MB of memory. It ends with the JVM
 * that started it, even when that JVM is killed or when the node is frozen, and its data is deleted
 * then.
 *
 * <p>This class needs nothing but the JDK: it loads no Kafka class, so the version of the broker
 * and that of the client under test are independent. Linux and macOS only, since it freezes nodes
 * by signals.
 *
 * <p>Methods may be called from any thread, but calls about the same node must not overlap.
 */
public final class LocalKafka implements AutoCloseable {
  /** The listener without security that every cluster has, whatever else was asked for. */
  public static final String PLAINTEXT = ClusterLayout.CLIENTS;

  private static final Duration START_BOUND = Duration.ofSeconds(120);
  private static final Duration STOP_BOUND = Duration.ofSeconds(30);

  private final ClusterLayout layout;
  private final List<BrokerNode> nodes;

  LocalKafka(ClusterLayout layout, List<BrokerNode> nodes) {
    this.layout = layout;
    this.nodes = nodes;
  }

  /**
   * Starts a cluster with the default settings and returns once every node serves clients.
   *
   * @param nodes 1 to 3; with 3 the cluster survives the loss of one
   * @throws IllegalStateException when a node ends or is not ready within 120 seconds; the message
   *     holds the end of its log
   */
  public static LocalKafka start(int nodes) {
    return builder().nodes(nodes).start();
  }

  /** Returns a builder for a cluster of one node. */
  public static LocalKafkaBuilder builder() {
    return new LocalKafkaBuilder();
  }

  /** The addresses of all nodes, for {@code bootstrap.servers}. They never change. */
  public String bootstrapServers() {
    return bootstrapServers(PLAINTEXT);
  }

  /**
   * The addresses of all nodes at one listener.
   *
   * @param listener {@link #PLAINTEXT} or a name given to {@link LocalKafkaBuilder#listener}
   */
  public String bootstrapServers(String listener) {
    return IntStream.range(0, nodes.size())
        .mapToObj(node -> ClusterLayout.HOST + ":" + port(node, listener))
        .collect(Collectors.joining(","));
  }

  /** The number of nodes, running or not. */
  public int nodes() {
    return nodes.size();
  }

  /** The port of a node at one listener. */
  public int port(int node, String listener) {
    return layout.port(node, listener);
  }

  /** The id by which Kafka knows a node, as in {@code Node.id()}. */
  public int brokerId(int node) {
    return ClusterLayout.brokerId(node);
  }

  /** Where a node keeps its partitions. */
  public Path dataDirectory(int node) {
    return layout.dataDirectory(node);
  }

  /**
   * Kills a node at once, as kill -9 does: it flushes nothing and says goodbye to nobody. Returns
   * when its process has ended.
   */
  public void kill(int node) {
    nodes.get(node).kill();
  }

  /** Stops a node in an orderly way; one that has not ended after 30 seconds is killed. */
  public void stop(int node) {
    nodes.get(node).stop(STOP_BOUND);
  }

  /**
   * Freezes a node: its process keeps its memory and its connections but does nothing, so that
   * clients meet silence rather than a closed connection.
   */
  public void freeze(int node) {
    nodes.get(node).freeze();
  }

  /** Lets a frozen node go on. Does nothing to a node that is not frozen. */
  public void thaw(int node) {
    nodes.get(node).thaw();
  }

  /**
   * Starts nodes that were killed or stopped, on the same ports and data, and returns once they
   * serve clients. Name every node that a majority needs: one of three cannot become ready alone.
   *
   * @throws IllegalStateException when a node runs already, or as for {@link #start}
   */
  public void restart(int... toStart) {
    List<BrokerNode> starting = IntStream.of(toStart).mapToObj(nodes::get).toList();
    starting.forEach(BrokerNode::launch);
    starting.forEach(node -> node.awaitReady(START_BOUND));
  }

  /** Whether the process of a node exists; a frozen one does. */
  public boolean isAlive(int node) {
    return nodes.get(node).isAlive();
  }

  /**
   * The process id of a node.
   *
   * @throws IllegalStateException when the node is not running
   */
  public long pid(int node) {
    return nodes.get(node).pid();
  }

  /** All that a node has logged so far, over all its restarts. */
  public String log(int node) {
    return nodes.get(node).log().all();
  }

  /** Kills every node and deletes the data. Does nothing when called again. */
  @Override
  public void close() {
    nodes.forEach(BrokerNode::kill);
    layout.delete();
  }

  static LocalKafka start(ClusterLayout layout, List<BrokerNode> nodes) {
    LocalKafka kafka = new LocalKafka(layout, nodes);
    try {
      kafka.restart(IntStream.range(0, nodes.size()).toArray());
      return kafka;
    } catch (IllegalStateException | UncheckedIOException e) {
      kafka.close();
      throw e;
    }
  }
}
