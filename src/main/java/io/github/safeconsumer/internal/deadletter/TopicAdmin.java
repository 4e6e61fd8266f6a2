package io.github.safeconsumer.internal.deadletter;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The few questions about topics, asked with an Admin client and answered within one bound for all
 * of them. "You may not know" is an answer; no answer is an exception.
 */
final class TopicAdmin {
  private final Admin admin;
  private final long start = System.nanoTime();
  private final Duration bound;

  TopicAdmin(Admin admin, Duration bound) {
    this.admin = admin;
    this.bound = bound;
  }

  enum Result {
    SEEN,
    MISSING,
    HIDDEN
  }

  /**
   * A topic as far as this user may see it.
   *
   * @param config empty where it may not be seen
   */
  record Look(
      Result result, int partitions, int replicas, boolean writable, Map<String, String> config) {
    static Look nothing(Result result) {
      return new Look(result, 0, 0, false, Map.of());
    }
  }

  Set<String> names() {
    return get(admin.listTopics().names());
  }

  Map<String, Look> look(Collection<String> topics) {
    Map<String, KafkaFuture<TopicDescription>> descriptions =
        admin
            .describeTopics(topics, new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    Map<String, Look> looks = new HashMap<>();
    descriptions.forEach((topic, description) -> looks.put(topic, look(description)));
    List<String> seen =
        looks.entrySet().stream()
            .filter(e -> e.getValue().result() == Result.SEEN)
            .map(Map.Entry::getKey)
            .toList();
    configs(seen)
        .forEach(
            (topic, config) ->
                looks.computeIfPresent(
                    topic,
                    (t, l) ->
                        new Look(l.result(), l.partitions(), l.replicas(), l.writable(), config)));
    return looks;
  }

  private Look look(KafkaFuture<TopicDescription> answer) {
    try {
      TopicDescription topic = get(answer);
      int replicas = topic.partitions().stream().mapToInt(p -> p.replicas().size()).min().orElse(0);
      Set<AclOperation> allowed = topic.authorizedOperations();
      // A broker that cannot tell is not one that forbids.
      boolean writable =
          allowed == null || allowed.isEmpty() || allowed.contains(AclOperation.WRITE);
      return new Look(Result.SEEN, topic.partitions().size(), replicas, writable, Map.of());
    } catch (UnknownTopicOrPartitionException e) {
      return Look.nothing(Result.MISSING);
    } catch (AuthorizationException e) {
      return Look.nothing(Result.HIDDEN);
    }
  }

  private Map<String, Map<String, String>> configs(List<String> topics) {
    List<ConfigResource> resources =
        topics.stream().map(t -> new ConfigResource(ConfigResource.Type.TOPIC, t)).toList();
    Map<String, Map<String, String>> configs = new HashMap<>();
    admin
        .describeConfigs(resources)
        .values()
        .forEach(
            (resource, answer) -> {
              try {
                configs.put(resource.name(), values(get(answer)));
              } catch (AuthorizationException | UnknownTopicOrPartitionException e) {
                // Not to be seen, or deleted between the two questions: then the next start says
                // so.
                configs.put(resource.name(), Map.of());
              }
            });
    return configs;
  }

  private static Map<String, String> values(Config config) {
    Map<String, String> values = new HashMap<>();
    for (ConfigEntry entry : config.entries()) {
      if (entry.value() != null) {
        values.put(entry.name(), entry.value());
      }
    }
    return values;
  }

  /**
   * Creates it with the broker's default replication; does nothing if another instance was faster.
   *
   * @param partitions 0: the broker's default
   * @param maxMessageBytes what its sources take
   */
  void create(String topic, int partitions, Optional<Long> maxMessageBytes) {
    Map<String, String> config = new HashMap<>();
    // The broker's default could be compaction.
    config.put("cleanup.policy", "delete");
    maxMessageBytes.ifPresent(bytes -> config.put("max.message.bytes", bytes.toString()));
    Optional<Integer> count = partitions > 0 ? Optional.of(partitions) : Optional.empty();
    try {
      Void unused =
          get(
              admin
                  .createTopics(
                      List.of(new NewTopic(topic, count, Optional.empty()).configs(config)))
                  .all());
    } catch (TopicExistsException another) {
      // Which is what was wanted.
    }
  }

  private <T> T get(KafkaFuture<T> answer) {
    try {
      long left = bound.toNanos() - (System.nanoTime() - start);
      return answer.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new KafkaException(e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException("no answer about the dead-letter topics within " + bound);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
