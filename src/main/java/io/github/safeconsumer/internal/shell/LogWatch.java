package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only the brokers know of the logs that are owned: where those end that the client does not
 * fetch now, and for how long records are kept. Asked on the housekeeper's thread; what nobody
 * answers, or may not be asked, stays unknown.
 */
final class LogWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final long CONFIGS_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long FOR_EVER = -1;

  private final Assignment assignment;
  private final IsolationLevel isolation;
  private final Time time;
  private final Map<String, Duration> retention = new ConcurrentHashMap<>();
  private Set<String> asked = Set.of();
  private long askedAt;

  LogWatch(Assignment assignment, IsolationLevel isolation, Time time) {
    this.assignment = assignment;
    this.isolation = isolation;
    this.time = time;
  }

  /** For how long the topic keeps a record; null where that is for ever, or not known. */
  @Nullable Duration retention(String topic) {
    return retention.get(topic);
  }

  /** Looks once. By the housekeeper. */
  void look(Admin admin) throws InterruptedException {
    List<OwnedPartition> owned = new ArrayList<>(assignment.all());
    readEnds(admin, owned.stream().filter(OwnedPartition::isPaused).toList());
    Set<String> topics =
        owned.stream().map(one -> one.topicPartition().topic()).collect(Collectors.toSet());
    if (!asked.containsAll(topics) || time.nanos() - askedAt >= CONFIGS_EVERY_NANOS) {
      asked = topics;
      askedAt = time.nanos();
      readRetention(admin, topics);
    }
  }

  private void readEnds(Admin admin, Collection<OwnedPartition> partitions)
      throws InterruptedException {
    if (partitions.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetSpec> question = new HashMap<>();
    partitions.forEach(one -> question.put(one.topicPartition(), OffsetSpec.latest()));
    ListOffsetsResult answer = admin.listOffsets(question, new ListOffsetsOptions(isolation));
    for (OwnedPartition partition : partitions) {
      try {
        partition.endOffset(answered(answer.partitionResult(partition.topicPartition())).offset());
      } catch (ExecutionException | TimeoutException unanswered) {
        LOG.debug(
            "end of {} not read: {}",
            partition.topicPartition(),
            SafeThrowables.className(unanswered));
      }
    }
  }

  private void readRetention(Admin admin, Set<String> topics) throws InterruptedException {
    List<ConfigResource> question =
        topics.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    if (question.isEmpty()) {
      return;
    }
    Map<ConfigResource, KafkaFuture<Config>> answers = admin.describeConfigs(question).values();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> answer : answers.entrySet()) {
      String topic = answer.getKey().name();
      try {
        Duration kept = retention(answered(answer.getValue()));
        if (kept == null) {
          retention.remove(topic);
        } else {
          retention.put(topic, kept);
        }
      } catch (ExecutionException | TimeoutException unanswered) {
        LOG.debug("retention of {} not read: {}", topic, SafeThrowables.className(unanswered));
      }
    }
  }

  private static @Nullable Duration retention(Config config) {
    ConfigEntry policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
    ConfigEntry millis = config.get(TopicConfig.RETENTION_MS_CONFIG);
    if (policy == null
        || millis == null
        || !policy.value().contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
      return null;
    }
    long kept = Long.parseLong(millis.value());
    return kept == FOR_EVER ? null : Duration.ofMillis(kept);
  }

  private static <T> T answered(KafkaFuture<T> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
  }
}
