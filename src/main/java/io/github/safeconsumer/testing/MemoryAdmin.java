package io.github.safeconsumer.testing;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * Answers what the consumer asks about its cluster: every topic is there, the dead-letter topics
 * included, and may be written.
 */
final class MemoryAdmin {
  private static final Node NODE = new Node(0, "localhost", 9092);

  private MemoryAdmin() {}

  static Admin client(MemoryCluster cluster) {
    return (Admin)
        Proxy.newProxyInstance(
            MemoryAdmin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, args) ->
                answer(cluster, proxy, method, args == null ? new Object[0] : args));
  }

  @SuppressWarnings("unchecked") // arguments of the methods
  private static @Nullable Object answer(
      MemoryCluster cluster, Object proxy, Method method, Object[] args) {
    return switch (method.getName()) {
      case "describeCluster" -> hidden(DescribeClusterResult.class, MemoryCluster.ID);
      case "listTopics" -> hidden(ListTopicsResult.class, Map.of());
      case "describeTopics" -> topics(cluster, (Collection<String>) args[0]);
      case "describeConfigs" -> configs((Collection<ConfigResource>) args[0]);
      case "listOffsets" -> ends(cluster, ((Map<TopicPartition, ?>) args[0]).keySet());
      case "close" -> null;
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == args[0];
      case "toString" -> "in-memory admin";
      default ->
          throw new UnsupportedOperationException(
              "the in-memory Kafka has no Admin." + method.getName());
    };
  }

  private static DescribeTopicsResult topics(MemoryCluster cluster, Collection<String> names) {
    Map<String, KafkaFuture<TopicDescription>> answers = new HashMap<>();
    for (String name : names) {
      List<TopicPartitionInfo> partitions =
          java.util.stream.IntStream.range(0, Math.max(1, cluster.partitions(name)))
              .mapToObj(n -> new TopicPartitionInfo(n, NODE, List.of(NODE), List.of(NODE)))
              .toList();
      Uuid id = new Uuid(1, name.hashCode());
      answers.put(
          name,
          KafkaFuture.completedFuture(new TopicDescription(name, false, partitions, Set.of(), id)));
    }
    return new Topics(answers);
  }

  private static DescribeConfigsResult configs(Collection<ConfigResource> resources) {
    Map<ConfigResource, KafkaFuture<Config>> answers = new HashMap<>();
    for (ConfigResource resource : resources) {
      answers.put(
          resource,
          KafkaFuture.completedFuture(
              new Config(
                  List.of(
                      new ConfigEntry("cleanup.policy", "delete"),
                      new ConfigEntry("retention.ms", "-1")))));
    }
    return new Configs(answers);
  }

  private static ListOffsetsResult ends(
      MemoryCluster cluster, Collection<TopicPartition> partitions) {
    Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> answers = new HashMap<>();
    for (TopicPartition partition : partitions) {
      answers.put(
          partition,
          KafkaFuture.completedFuture(
              new ListOffsetsResultInfo(cluster.end(partition), -1, Optional.empty())));
    }
    return new ListOffsetsResult(answers);
  }

  private static final class Topics extends DescribeTopicsResult {
    Topics(Map<String, KafkaFuture<TopicDescription>> answers) {
      super(null, answers);
    }
  }

  private static final class Configs extends DescribeConfigsResult {
    Configs(Map<ConfigResource, KafkaFuture<Config>> answers) {
      super(answers);
    }
  }

  /**
   * Of these two, Kafka keeps the constructors to itself; in all supported versions there is one,
   * and all its arguments are futures.
   */
  private static <T> T hidden(Class<T> type, Object answer) {
    Constructor<?> constructor = type.getDeclaredConstructors()[0];
    Object[] futures = new Object[constructor.getParameterCount()];
    Arrays.fill(futures, KafkaFuture.completedFuture(answer));
    try {
      constructor.setAccessible(true);
      return type.cast(constructor.newInstance(futures));
    } catch (ReflectiveOperationException | RuntimeException changed) {
      throw new IllegalStateException(
          "this version of kafka-clients has another " + type.getSimpleName(), changed);
    }
  }
}
