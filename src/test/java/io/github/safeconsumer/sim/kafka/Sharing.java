package io.github.safeconsumer.sim.kafka;

import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** How partitions are shared out among members. */
final class Sharing {
  private Sharing() {}

  /** Without memory, as classic eager groups do it: one after the other, in the members' order. */
  static Map<String, NavigableSet<TopicPartition>> range(
      SortedSet<TopicPartition> partitions, NavigableMap<String, Set<String>> topicsOfMembers) {
    Map<String, NavigableSet<TopicPartition>> plan = empty(topicsOfMembers.keySet());
    fill(plan, partitions, topicsOfMembers);
    return plan;
  }

  /** Whoever has a partition keeps it, as far as the balance allows. */
  static Map<String, NavigableSet<TopicPartition>> sticky(
      SortedSet<TopicPartition> partitions,
      NavigableMap<String, Set<String>> topicsOfMembers,
      Map<String, NavigableSet<TopicPartition>> before) {
    Map<String, NavigableSet<TopicPartition>> plan = empty(topicsOfMembers.keySet());
    if (plan.isEmpty()) {
      return plan;
    }
    int least = partitions.size() / plan.size();
    int withOneMore = partitions.size() % plan.size();
    NavigableSet<TopicPartition> free = Order.set(partitions);
    for (Map.Entry<String, NavigableSet<TopicPartition>> entry : plan.entrySet()) {
      Set<String> topics = topicsOfMembers.get(entry.getKey());
      for (TopicPartition partition : before.getOrDefault(entry.getKey(), Order.set())) {
        boolean more = entry.getValue().size() == least && withOneMore > 0;
        if ((entry.getValue().size() < least || more)
            && topics.contains(partition.topic())
            && free.remove(partition)) {
          entry.getValue().add(partition);
          withOneMore -= more ? 1 : 0;
        }
      }
    }
    fill(plan, free, topicsOfMembers);
    return plan;
  }

  private static void fill(
      Map<String, NavigableSet<TopicPartition>> plan,
      SortedSet<TopicPartition> free,
      NavigableMap<String, Set<String>> topicsOfMembers) {
    for (TopicPartition partition : free) {
      String poorest = null;
      for (Map.Entry<String, NavigableSet<TopicPartition>> entry : plan.entrySet()) {
        if (topicsOfMembers.get(entry.getKey()).contains(partition.topic())
            && (poorest == null || entry.getValue().size() < plan.get(poorest).size())) {
          poorest = entry.getKey();
        }
      }
      if (poorest != null) {
        plan.get(poorest).add(partition);
      }
    }
  }

  private static Map<String, NavigableSet<TopicPartition>> empty(Set<String> members) {
    Map<String, NavigableSet<TopicPartition>> plan = new TreeMap<>();
    members.forEach(member -> plan.put(member, Order.set()));
    return plan;
  }
}
