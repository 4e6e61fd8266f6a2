package io.github.safeconsumer.sim.kafka;

import io.github.safeconsumer.support.GroupProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A simulated cluster with a topic of two partitions, in a world of one thread. */
final class Bed {
  static final String GROUP = "g";
  static final TopicPartition P0 = new TopicPartition("t", 0);
  static final TopicPartition P1 = new TopicPartition("t", 1);

  final PlainWorld world;
  final Faults faults;
  final List<String> violations = new ArrayList<>();
  final SimCluster cluster;
  private final GroupProtocol protocol;

  Bed(long seed, GroupProtocol protocol) {
    this.world = new PlainWorld(seed);
    this.faults = new Faults(world);
    this.protocol = protocol;
    this.cluster =
        new SimCluster(
                world,
                faults,
                new ClusterWatch() {
                  @Override
                  public void violation(String rule, String what) {
                    violations.add(rule);
                  }
                })
            .modernGroups(10_000, 1_000)
            .weakestMetadataLimit(3);
    cluster.createTopic("t", 2);
  }

  /** A member in a process of its own. */
  Member member(String name) {
    return new Member(new SimProcess(name, world));
  }

  long committed(TopicPartition partition) {
    OffsetAndMetadata offset = cluster.offsets(GROUP).get(partition);
    return offset == null ? -1 : offset.offset();
  }

  void until(String what, BooleanSupplier so, Member... polling) {
    long start = world.elapsed();
    while (!so.getAsBoolean()) {
      if (world.elapsed() - start > TimeUnit.MINUTES.toNanos(5)) {
        throw new AssertionError("not within five minutes: " + what + "\n" + world.lines());
      }
      for (Member member : polling) {
        member.poll();
      }
      pass(10);
    }
  }

  void pass(long millis) {
    world.pass(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  long seconds() {
    return TimeUnit.NANOSECONDS.toSeconds(world.elapsed());
  }

  /** One client and what happened to it. */
  final class Member implements ConsumerRebalanceListener {
    final SimProcess process;
    final Consumer<byte[], byte[]> client;
    final List<String> callbacks = new ArrayList<>();
    final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    Member(SimProcess process) {
      this.process = process;
      Map<String, Object> config = new HashMap<>(protocol.settings(0));
      config.put("group.id", GROUP);
      config.put("auto.offset.reset", "earliest");
      config.put("max.poll.interval.ms", 60_000);
      if (protocol.classic()) {
        config.put("session.timeout.ms", 10_000);
        config.put("heartbeat.interval.ms", 1_000);
      }
      this.client = cluster.consumers(process).apply(config);
      client.subscribe(List.of("t"), this);
    }

    void poll() {
      client.poll(Duration.ofMillis(100)).forEach(records::add);
    }

    int owns() {
      return client.assignment().size();
    }

    void commit(TopicPartition partition, long offset) {
      client.commitSync(
          Map.of(partition, new OffsetAndMetadata(offset, "a note")), Duration.ofSeconds(2));
    }

    @SuppressWarnings("deprecation") // its successor does not exist in the oldest client
    void close() {
      client.close(Duration.ofSeconds(5));
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      callbacks.add("assigned " + partitions.size());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      callbacks.add("revoked " + partitions.size());
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      callbacks.add("lost " + partitions.size());
    }
  }
}
