package io.github.safeconsumer.sim.kafka;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;

/**
 * The admin client, as far as the library asks: the cluster's id, topics with their ids and
 * settings, creating one. Its futures are done when a call returns, since nothing may wait for them
 * in real time; a call that nobody answers takes as long as its caller would wait.
 */
final class SimAdmin {
  private static final Node BROKER = new Node(1, "simulated", 9092);

  private final SimCluster cluster;
  private final SimProcess process;
  private final Wire wire;

  private SimAdmin(SimCluster cluster, SimProcess process) {
    this.cluster = cluster;
    this.process = process;
    this.wire = new Wire(cluster, process);
  }

  static Admin create(SimCluster cluster, SimProcess process) {
    process.check();
    SimAdmin admin = new SimAdmin(cluster, process);
    admin.wire.pass(admin.wire.travel());
    return (Admin)
        Proxy.newProxyInstance(
            SimAdmin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, args) -> admin.answer(proxy, method.getName(), args));
  }

  @SuppressWarnings("unchecked") // arguments of the interface's methods
  private Object answer(Object proxy, String call, Object[] args)
      throws ReflectiveOperationException {
    switch (call) {
      case "close", "hashCode", "equals", "toString" -> {
        return switch (call) {
          case "hashCode" -> process.name().hashCode();
          case "equals" -> proxy == args[0];
          case "toString" -> "admin@" + process;
          default -> null;
        };
      }
      default -> process.check();
    }
    boolean reachable = asked(call);
    return switch (call) {
      case "describeCluster" ->
          result(DescribeClusterResult.class, 4, i -> answered(reachable, clusterFact(i)));
      case "describeTopics" ->
          result(
              DescribeTopicsResult.class,
              2,
              i -> i == 0 ? null : descriptions((Collection<String>) args[0], reachable));
      case "describeConfigs" ->
          result(
              DescribeConfigsResult.class,
              1,
              i -> configs((Collection<ConfigResource>) args[0], reachable));
      case "listOffsets" ->
          new ListOffsetsResult(ends(((Map<TopicPartition, ?>) args[0]).keySet(), reachable));
      case "listTopics" -> result(ListTopicsResult.class, 1, i -> answered(reachable, listings()));
      case "createTopics" ->
          result(
              CreateTopicsResult.class, 1, i -> created((Collection<NewTopic>) args[0], reachable));
      default -> throw new AssertionError("the library has no business calling " + call);
    };
  }

  /** Whether anybody answers; takes its time. */
  private boolean asked(String call) {
    Faults faults = cluster.faults();
    String where = process + " " + call;
    wire.pass(wire.travel());
    if (faults.strikes(FaultKind.ADMIN_SLOW, where)) {
      wire.pass(faults.lasts(FaultKind.ADMIN_SLOW));
    }
    boolean reachable = cluster.answers() && !faults.strikes(FaultKind.ADMIN_FAILS, where);
    wire.pass(reachable ? wire.travel() : faults.lasts(FaultKind.ADMIN_FAILS));
    return reachable;
  }

  /** Kafka keeps the constructors to itself. */
  private static Object result(Class<?> type, int arguments, Function<Integer, Object> argument)
      throws ReflectiveOperationException {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == arguments) {
        constructor.setAccessible(true);
        Object[] values = new Object[arguments];
        Arrays.setAll(values, argument::apply);
        return constructor.newInstance(values);
      }
    }
    throw new AssertionError(type + " has no such constructor");
  }

  private static <T> KafkaFuture<T> answered(boolean reachable, T value) {
    return reachable
        ? KafkaFuture.completedFuture(value)
        : failed(new TimeoutException("no broker answered"));
  }

  private static <T> KafkaFuture<T> failed(Exception failure) {
    KafkaFutureImpl<T> future = new KafkaFutureImpl<>();
    future.completeExceptionally(failure);
    return future;
  }

  private static Object clusterFact(int index) {
    return switch (index) {
      case 0 -> List.of(BROKER);
      case 1 -> BROKER;
      case 2 -> SimCluster.ID;
      default -> Set.of();
    };
  }

  private Map<String, KafkaFuture<TopicDescription>> descriptions(
      Collection<String> names, boolean reachable) {
    Map<String, KafkaFuture<TopicDescription>> found = new LinkedHashMap<>();
    for (String name : names) {
      SimTopic topic = existing(name);
      found.put(
          name,
          topic == null && reachable
              ? failed(new UnknownTopicOrPartitionException(name))
              : answered(reachable, topic == null ? null : describe(topic)));
    }
    return found;
  }

  private SimTopic existing(String name) {
    return cluster.topics().stream().filter(t -> t.name().equals(name)).findFirst().orElse(null);
  }

  private static TopicDescription describe(SimTopic topic) {
    List<TopicPartitionInfo> partitions = new ArrayList<>();
    for (int i = 0; i < topic.partitions(); i++) {
      partitions.add(new TopicPartitionInfo(i, BROKER, List.of(BROKER), List.of(BROKER)));
    }
    return new TopicDescription(topic.name(), false, partitions, Set.of(), topic.id());
  }

  private static Map<ConfigResource, KafkaFuture<Config>> configs(
      Collection<ConfigResource> resources, boolean reachable) {
    Config usual =
        new Config(
            List.of(
                new ConfigEntry("cleanup.policy", "delete"),
                new ConfigEntry("min.insync.replicas", "1"),
                new ConfigEntry("retention.ms", "604800000"),
                new ConfigEntry("max.message.bytes", "1048588")));
    Map<ConfigResource, KafkaFuture<Config>> found = new LinkedHashMap<>();
    resources.forEach(resource -> found.put(resource, answered(reachable, usual)));
    return found;
  }

  private Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> ends(
      Collection<TopicPartition> partitions, boolean reachable) {
    Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> found = new LinkedHashMap<>();
    for (TopicPartition partition : Order.set(partitions)) {
      found.put(
          partition,
          cluster.exists(partition)
              ? answered(
                  reachable,
                  new ListOffsetsResultInfo(cluster.log(partition).end(), -1, Optional.empty()))
              : failed(new UnknownTopicOrPartitionException(partition.toString())));
    }
    return found;
  }

  private Map<String, TopicListing> listings() {
    Map<String, TopicListing> found = new LinkedHashMap<>();
    cluster.topics().forEach(t -> found.put(t.name(), new TopicListing(t.name(), t.id(), false)));
    return found;
  }

  private Map<String, KafkaFuture<?>> created(Collection<NewTopic> topics, boolean reachable) {
    Map<String, KafkaFuture<?>> done = new LinkedHashMap<>();
    for (NewTopic topic : topics) {
      if (!reachable) {
        done.put(topic.name(), failed(new TimeoutException("no broker answered")));
      } else if (existing(topic.name()) != null) {
        done.put(topic.name(), failed(new TopicExistsException(topic.name())));
      } else {
        cluster.createTopic(topic.name(), Math.max(1, topic.numPartitions()));
        done.put(topic.name(), KafkaFuture.completedFuture(null));
      }
    }
    return done;
  }
}
