package io.github.safeconsumer.sim.kafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The brokers: topics, groups, committed offsets, and whether they can be reached. What the
 * workload, an operator or an accident does to a cluster is done here.
 */
public final class SimCluster {
  /** The id that it tells its admins. */
  public static final String ID = "simulated";

  private final World world;
  private final Faults faults;
  private final ClusterWatch watch;
  private final Map<String, SimTopic> topics = new TreeMap<>();
  private final Map<String, SimGroup> groups = new TreeMap<>();
  private final Map<String, NavigableMap<TopicPartition, OffsetAndMetadata>> offsets =
      new TreeMap<>();
  private final Map<String, Long> coordinatorAwayUntil = new LinkedHashMap<>();
  private long modernSession = TimeUnit.SECONDS.toNanos(45);
  private long modernHeartbeat = TimeUnit.SECONDS.toNanos(5);
  private int metadataLimit = 4096;
  private int weakestLimit = 1024;
  private boolean out;
  private long outUntil;
  private int clients;
  private int memberIds;

  public SimCluster(World world, Faults faults, ClusterWatch watch) {
    this.world = world;
    this.faults = faults;
    this.watch = watch;
  }

  /** KIP-848: the brokers' settings for members. */
  public SimCluster modernGroups(long sessionMillis, long heartbeatMillis) {
    modernSession = TimeUnit.MILLISECONDS.toNanos(sessionMillis);
    modernHeartbeat = TimeUnit.MILLISECONDS.toNanos(heartbeatMillis);
    return this;
  }

  /** offset.metadata.max.bytes of the brokers; in characters, whatever its name says. */
  public SimCluster metadataLimit(int characters) {
    metadataLimit = characters;
    return this;
  }

  /** What the one broker allows to which {@link FaultKind#COMMIT_METADATA_REFUSED} leads. */
  public SimCluster weakestMetadataLimit(int characters) {
    weakestLimit = characters;
    return this;
  }

  // ---- clients

  public Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers(SimProcess process) {
    return config -> SimClient.create(this, process, config);
  }

  public Function<Map<String, Object>, Producer<byte[], byte[]>> producers(SimProcess process) {
    return config -> SimProducer.create(this, process, config);
  }

  public Function<Map<String, Object>, Admin> admins(SimProcess process) {
    return config -> SimAdmin.create(this, process);
  }

  // ---- topics

  public SimTopic createTopic(String name, int partitions) {
    SimTopic topic = new SimTopic(name, new Uuid(nextId(), nextId()), partitions);
    topics.put(name, topic);
    return topic;
  }

  private long nextId() {
    return 1 + world.nextLong(Long.MAX_VALUE - 1);
  }

  /** The topic, its records and what groups committed of it are gone. */
  public void deleteTopic(String name) {
    topics.remove(name);
    offsets.values().forEach(of -> of.keySet().removeIf(p -> p.topic().equals(name)));
    world.trace("topic " + name + " deleted");
  }

  /** Another topic of the same name. */
  public SimTopic recreateTopic(String name, int partitions) {
    deleteTopic(name);
    return createTopic(name, partitions);
  }

  public void growTopic(String name, int partitions) {
    topic(name).growTo(partitions);
    world.trace("topic " + name + " grown to " + partitions);
  }

  public SimTopic topic(String name) {
    SimTopic topic = topics.get(name);
    if (topic == null) {
      throw new IllegalArgumentException("no topic " + name);
    }
    return topic;
  }

  public Collection<SimTopic> topics() {
    return topics.values();
  }

  public boolean exists(TopicPartition partition) {
    SimTopic topic = topics.get(partition.topic());
    return topic != null && partition.partition() < topic.partitions();
  }

  public SimLog log(TopicPartition partition) {
    return topic(partition.topic()).log(partition.partition());
  }

  /** Appends a record of the workload and returns its offset. */
  public long append(TopicPartition partition, byte @Nullable [] key, byte @Nullable [] value) {
    long offset = log(partition).append(world.millis(), key, value);
    if (faults.strikes(FaultKind.OFFSET_GAP, partition.toString())) {
      log(partition).gap(1 + world.nextLong(3));
    }
    return offset;
  }

  NavigableSet<TopicPartition> partitionsOf(Collection<String> names) {
    NavigableSet<TopicPartition> partitions = Order.set();
    for (String name : names) {
      SimTopic topic = topics.get(name);
      for (int i = 0; topic != null && i < topic.partitions(); i++) {
        partitions.add(new TopicPartition(name, i));
      }
    }
    return partitions;
  }

  // ---- groups

  /** What a group has committed; the map itself. */
  public NavigableMap<TopicPartition, OffsetAndMetadata> offsets(String group) {
    return offsets.computeIfAbsent(group, g -> Order.map());
  }

  /**
   * A tool or a program outside of the library commits for the group; null takes the offset away.
   */
  public void tamper(String group, TopicPartition partition, @Nullable OffsetAndMetadata offset) {
    if (offset == null) {
      offsets(group).remove(partition);
    } else {
      offsets(group).put(partition, offset);
    }
    world.trace("group " + group + ": somebody committed " + partition + "=" + offset);
    watch.commitTampered(group, partition, offset);
  }

  /** Retention takes the offsets of a group without members. False: it has some. */
  public boolean expireOffsets(String group) {
    boolean empty = groups.get(group) == null || groups.get(group).isEmpty();
    if (empty) {
      offsets(group).clear();
      world.trace("group " + group + ": its offsets expired");
    }
    return empty;
  }

  /** The ids of its members. */
  public List<String> members(String group) {
    SimGroup found = groups.get(group);
    return found == null ? List.of() : found.members();
  }

  /** Shares out again for no reason that a member could see. */
  public void rebalance(String group) {
    SimGroup found = groups.get(group);
    if (found != null) {
      found.rebalance();
    }
  }

  /** The coordinator throws the client's member out. */
  public void expel(ClientId client, String reason) {
    SimGroup found = groups.get(client.group());
    if (found != null) {
      found.expel(client, reason);
    }
  }

  /** No broker answers for so long. */
  public void outage(long nanos) {
    out = true;
    outUntil = world.nanos() + nanos;
    world.trace("brokers away for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
  }

  /** The group has no coordinator for so long. */
  public void moveCoordinator(String group, long nanos) {
    coordinatorAwayUntil.put(group, world.nanos() + nanos);
    world.trace(
        "group " + group + ": no coordinator for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
  }

  boolean answers() {
    if (out && world.nanos() - outUntil >= 0) {
      out = false;
      world.trace("brokers are back");
    }
    return !out;
  }

  boolean coordinates(String group) {
    Long until = coordinatorAwayUntil.get(group);
    if (until != null && world.nanos() - until >= 0) {
      coordinatorAwayUntil.remove(group);
      until = null;
    }
    return until == null && answers();
  }

  @Nullable SimGroup group(String name) {
    return groups.get(name);
  }

  /** The group for a classic member; an empty one of the other protocol is converted. */
  @Nullable ClassicGroup classicGroup(String name) {
    SimGroup group = groups.get(name);
    if (group == null || (group.isEmpty() && !(group instanceof ClassicGroup))) {
      group = new ClassicGroup(this, name);
      groups.put(name, group);
    }
    return group instanceof ClassicGroup classic ? classic : null;
  }

  @Nullable ModernGroup modernGroup(String name) {
    SimGroup group = groups.get(name);
    if (group == null || (group.isEmpty() && !(group instanceof ModernGroup))) {
      group = new ModernGroup(this, name);
      groups.put(name, group);
    }
    return group instanceof ModernGroup modern ? modern : null;
  }

  // ---- for the clients

  World world() {
    return world;
  }

  Faults faults() {
    return faults;
  }

  ClusterWatch watch() {
    return watch;
  }

  long modernSession() {
    return modernSession;
  }

  long modernHeartbeat() {
    return modernHeartbeat;
  }

  int metadataLimit() {
    return metadataLimit;
  }

  int weakestMetadataLimit() {
    return weakestLimit;
  }

  int nextClient() {
    return ++clients;
  }

  /** As random as the real ones, on whose order an assignment depends. */
  String newMemberId(String clientId) {
    return "%s-%04x-%d".formatted(clientId, world.nextLong(1 << 16), ++memberIds);
  }
}
