package io.github.safeconsumer.internal.replay;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Questions about topics, each topic asked for once. An Admin client creates none by asking. */
final class Cluster {
  private final Admin admin;
  private final Map<String, Optional<Topic>> topics = new HashMap<>();

  Cluster(Admin admin) {
    this.admin = admin;
  }

  /**
   * A topic that exists.
   *
   * @param id tells it from one of the same name that was there before or comes after it
   */
  record Topic(int partitions, String id, boolean writable) {}

  Optional<String> id() {
    return Optional.ofNullable(get(admin.describeCluster().clusterId(), Access.ANSWER));
  }

  /** Empty where there is none; fails where this user may not know. */
  Optional<Topic> topic(String name) {
    Optional<Topic> known = topics.get(name);
    if (known == null) {
      known = look(name);
      topics.put(name, known);
    }
    return known;
  }

  private Optional<Topic> look(String name) {
    KafkaFuture<TopicDescription> answer =
        admin
            .describeTopics(
                List.of(name), new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .allTopicNames()
            .thenApply(all -> all.get(name));
    try {
      TopicDescription topic = get(answer, Access.ANSWER);
      Set<AclOperation> allowed = topic.authorizedOperations();
      return Optional.of(
          new Topic(
              topic.partitions().size(),
              topic.topicId().toString(),
              allowed == null || allowed.isEmpty() || allowed.contains(AclOperation.WRITE)));
    } catch (UnknownTopicOrPartitionException missing) {
      return Optional.empty();
    }
  }

  /** The answer, or what Kafka failed with. */
  static <T> T get(KafkaFuture<T> answer, Duration bound) {
    try {
      return answer.get(bound.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new KafkaException(e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException("the cluster gave no answer within " + bound);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
