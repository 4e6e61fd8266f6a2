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
   * A commit. Who commits is judged for all of it, each partition on its own: the others are
   * applied, and the client is told the first error. That the partitions are the member's own is
   * not checked: Kafka does not check it either.
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
    int limit = metadataLimit(cluster, client, offsets);
    NavigableMap<TopicPartition, OffsetAndMetadata> committed = cluster.offsets(client.group());
    NavigableMap<TopicPartition, OffsetAndMetadata> ordered = Order.map();
    ordered.putAll(offsets);
    GroupError first = GroupError.NONE;
    for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : ordered.entrySet()) {
      TopicPartition partition = entry.getKey();
      OffsetAndMetadata offset = entry.getValue();
      GroupError its =
          !cluster.exists(partition)
              ? GroupError.UNKNOWN_TOPIC
              : offset.metadata().length() > limit
                  ? GroupError.METADATA_TOO_LARGE
                  : GroupError.NONE;
      if (its == GroupError.NONE) {
        committed.put(partition, offset);
        world(cluster, client, partition, offset);
        cluster.watch().commitApplied(client, partition, offset, identity.generation());
      } else if (first == GroupError.NONE) {
        first = its;
      }
    }
    return first;
  }

  /** What this commit is allowed: chance can send it to a broker that is set up in another way. */
  private static int metadataLimit(
      SimCluster cluster, ClientId client, Map<TopicPartition, OffsetAndMetadata> offsets) {
    int longest = offsets.values().stream().mapToInt(o -> o.metadata().length()).max().orElse(0);
    return longest > cluster.weakestMetadataLimit()
            && cluster.faults().strikes(FaultKind.COMMIT_METADATA_REFUSED, client + " commit")
        ? cluster.weakestMetadataLimit()
        : cluster.metadataLimit();
  }

  private static void world(
      SimCluster cluster, ClientId client, TopicPartition partition, OffsetAndMetadata offset) {
    String note = offset.metadata().isEmpty() ? "" : " " + offset.metadata();
    cluster
        .world()
        .trace("group: " + client + " committed " + partition + "=" + offset.offset() + note);
  }

  /** A group of no members takes every commit that claims no generation. */
  static GroupError outsider(Identity identity) {
    return identity.generation() < 0 ? GroupError.NONE : GroupError.UNKNOWN_MEMBER;
  }
}
