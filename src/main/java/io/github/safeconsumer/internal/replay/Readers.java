package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Who reads the targets besides the group whose letters come: they get the records too, though they
 * may have handled them long ago. A group counts that has committed offsets of the topic, or a
 * member with a partition of it.
 */
final class Readers {
  private static final Duration BOUND = Duration.ofSeconds(15);
  private static final int TOGETHER = 200;

  private final Admin admin;
  private final List<String> warnings = new ArrayList<>();

  Readers(Admin admin) {
    this.admin = admin;
  }

  record Found(Map<String, SortedSet<String>> others, List<String> warnings) {}

  /**
   * Looks as far as it may; what it may not see is a warning and no failure.
   *
   * @param groups by target: the groups whose letters go there
   */
  Found of(Map<String, SortedSet<String>> groups) {
    Map<String, SortedSet<String>> others = new TreeMap<>();
    if (groups.isEmpty()) {
      return new Found(others, warnings);
    }
    try {
      Map<String, SortedSet<String>> all = readers(groups.keySet());
      all.forEach(
          (topic, readers) -> {
            SortedSet<String> own = groups.getOrDefault(topic, new TreeSet<>());
            // Letters of two groups: each gets those of the other.
            if (own.size() == 1) {
              readers.removeAll(own);
            }
            if (!readers.isEmpty()) {
              others.put(topic, readers);
              warnings.add(
                  "topic "
                      + topic
                      + " is also read by "
                      + String.join(", ", readers)
                      + ": they get these records, too");
            }
          });
      sayWhatIsHidden();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      warnings.add(
          "which other groups read the target is not known ("
              + SafeThrowables.className(e)
              + "): grant DESCRIBE on the cluster and on groups to this user to be told");
    }
    return new Found(others, warnings);
  }

  @SuppressWarnings({"deprecation", "removal"}) // its successor is missing in 3.9
  private Map<String, SortedSet<String>> readers(Set<String> topics) {
    List<String> ids =
        Cluster.get(admin.listConsumerGroups().all(), BOUND).stream()
            .map(ConsumerGroupListing::groupId)
            .filter(id -> !id.startsWith(Replay.GROUP))
            .sorted()
            .toList();
    Map<String, SortedSet<String>> readers = new TreeMap<>();
    for (int from = 0; from < ids.size(); from += TOGETHER) {
      look(ids.subList(from, Math.min(ids.size(), from + TOGETHER)), topics, readers);
    }
    return readers;
  }

  private void look(
      Collection<String> ids, Set<String> topics, Map<String, SortedSet<String>> readers) {
    Map<String, ListConsumerGroupOffsetsSpec> all =
        ids.stream().collect(Collectors.toMap(id -> id, id -> new ListConsumerGroupOffsetsSpec()));
    Cluster.get(admin.listConsumerGroupOffsets(all).all(), BOUND)
        .forEach((id, offsets) -> note(id, offsets.keySet(), topics, readers));
    Map<String, ConsumerGroupDescription> described =
        new HashMap<>(Cluster.get(admin.describeConsumerGroups(ids).all(), BOUND));
    described.forEach(
        (id, group) ->
            group
                .members()
                .forEach(m -> note(id, m.assignment().topicPartitions(), topics, readers)));
  }

  private static void note(
      String group,
      Collection<TopicPartition> partitions,
      Set<String> topics,
      Map<String, SortedSet<String>> readers) {
    for (TopicPartition partition : partitions) {
      if (topics.contains(partition.topic())) {
        readers.computeIfAbsent(partition.topic(), t -> new TreeSet<>()).add(group);
      }
    }
  }

  /** A broker leaves out, without a word, groups that this user may not see. */
  private void sayWhatIsHidden() {
    Set<AclOperation> allowed =
        Cluster.get(
            admin
                .describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                .authorizedOperations(),
            BOUND);
    // Empty: nothing is allowed. Null: the broker does not say.
    if (allowed != null && !allowed.contains(AclOperation.DESCRIBE)) {
      warnings.add(
          "groups that this user may not see can read the target, too: grant DESCRIBE on the"
              + " cluster to be told");
    }
  }
}
