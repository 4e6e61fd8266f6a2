package io.github.safeconsumer.sim.kafka;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A group at its coordinator, whichever protocol its members speak. */
abstract class SimGroup {
  final SimCluster cluster;
  final World world;
  final String name;

  SimGroup(SimCluster cluster, String name) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.name = name;
  }

  abstract boolean isEmpty();

  abstract List<String> members();

  /** Whether a commit of this member is taken. */
  abstract GroupError admits(Identity identity);

  /** Shares out again, for no reason that a member could see. */
  abstract void rebalance();

  /** Throws the members of a client out. */
  abstract void expel(ClientId client, String reason);

  /**
   * A commit, all or nothing. That the partitions are the member's own is not checked: Kafka does
   * not check it either.
   */
  static GroupError commit(
      SimCluster cluster,
      @Nullable SimGroup group,
      ClientId client,
      Identity identity,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    GroupError error = group == null ? outsider(identity) : group.admits(identity);
    if (error != GroupError.NONE) {
      return error;
    }
    for (TopicPartition partition : offsets.keySet()) {
      if (!cluster.exists(partition)) {
        return GroupError.UNKNOWN_TOPIC;
      }
    }
    NavigableMap<TopicPartition, OffsetAndMetadata> committed = cluster.offsets(client.group());
    NavigableMap<TopicPartition, OffsetAndMetadata> ordered = Order.map();
    ordered.putAll(offsets);
    ordered.forEach(
        (partition, offset) -> {
          committed.put(partition, offset);
          world(cluster, client, partition, offset);
          cluster.watch().commitApplied(client, partition, offset.offset(), identity.generation());
        });
    return GroupError.NONE;
  }

  private static void world(
      SimCluster cluster, ClientId client, TopicPartition partition, OffsetAndMetadata offset) {
    cluster.world().trace("group: " + client + " committed " + partition + "=" + offset.offset());
  }

  /** A group of no members takes every commit that claims no generation. */
  static GroupError outsider(Identity identity) {
    return identity.generation() < 0 ? GroupError.NONE : GroupError.UNKNOWN_MEMBER;
  }
}
