package io.github.safeconsumer.sim.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the coordinator of a classic group knows of a member. */
final class ClassicMember {
  /**
   * What a member says of itself when it joins.
   *
   * @param fresh its id is a new one, which it was given for this join (KIP-394)
   */
  record Join(
      ClientId client,
      String member,
      boolean fresh,
      Set<String> topics,
      NavigableSet<TopicPartition> owned,
      boolean cooperative,
      long sessionNanos,
      long rebalanceNanos) {}

  /** What it is told once all have joined. */
  record Joined(String member, int generation, boolean leader) {}

  final String id;
  Join said;
  long heardAt;
  @Nullable Answer<Joined> joining;
  @Nullable Answer<NavigableSet<TopicPartition>> syncing;
  NavigableSet<TopicPartition> share = Order.set();

  ClassicMember(String id, Join said) {
    this.id = id;
    this.said = said;
  }

  boolean hasJoined() {
    return joining != null;
  }

  /** The plan of a generation: without memory (eager), or sticky (cooperative). */
  static Map<String, NavigableSet<TopicPartition>> share(
      SimCluster cluster, Collection<ClassicMember> members) {
    NavigableMap<String, Set<String>> topics = new TreeMap<>();
    Map<String, NavigableSet<TopicPartition>> owned = new TreeMap<>();
    Set<String> all = new TreeSet<>();
    boolean cooperative = true;
    for (ClassicMember member : members) {
      topics.put(member.id, member.said.topics());
      owned.put(member.id, member.said.owned());
      all.addAll(member.said.topics());
      cooperative &= member.said.cooperative();
    }
    NavigableSet<TopicPartition> partitions = cluster.partitionsOf(all);
    if (!cooperative) {
      return Sharing.range(partitions, topics);
    }
    Map<String, NavigableSet<TopicPartition>> wanted = Sharing.sticky(partitions, topics, owned);
    // What another member still has is given in the next round, once it was revoked.
    wanted.forEach(
        (member, share) ->
            owned.forEach(
                (other, its) -> {
                  if (!other.equals(member)) {
                    share.removeAll(its);
                  }
                }));
    return wanted;
  }
}
