package io.github.safeconsumer.sim.kafka;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The simulated cluster, with the settings of the tests' real brokers. */
final class SimGround implements Ground {
  final PlainWorld world;
  final SimCluster cluster;
  private int processes;

  SimGround(long seed) {
    this.world = new PlainWorld(seed);
    this.cluster =
        new SimCluster(world, new Faults(world), new ClusterWatch() {}).modernGroups(6_000, 500);
  }

  @Override
  public Consumer<byte[], byte[]> client(Map<String, Object> config) {
    return cluster.consumers(new SimProcess("p" + ++processes, world)).apply(config);
  }

  @Override
  public void createTopic(String name, int partitions) {
    cluster.createTopic(name, partitions);
  }

  @Override
  public void growTopic(String name, int partitions) {
    cluster.growTopic(name, partitions);
  }

  @Override
  public void deleteTopic(String name) {
    cluster.deleteTopic(name);
  }

  @Override
  public void append(TopicPartition partition, int records) {
    for (int i = 0; i < records; i++) {
      cluster.append(partition, null, new byte[] {1});
    }
  }

  @Override
  public void appendTransaction(TopicPartition partition, int records) {
    append(partition, records);
    cluster.log(partition).gap(1);
  }

  @Override
  public void deleteRecordsBefore(TopicPartition partition, long offset) {
    cluster.log(partition).startAt(offset);
  }

  @Override
  public long committed(String group, TopicPartition partition) {
    OffsetAndMetadata committed = cluster.offsets(group).get(partition);
    return committed == null ? -1 : committed.offset();
  }

  @Override
  public int members(String group) {
    return cluster.members(group).size();
  }

  @Override
  public void idle() {
    world.pass(TimeUnit.MILLISECONDS.toNanos(20));
  }

  @Override
  public long millis() {
    return world.millis();
  }

  @Override
  public void close() {}
}
