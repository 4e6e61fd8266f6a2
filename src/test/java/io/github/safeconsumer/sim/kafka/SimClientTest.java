package io.github.safeconsumer.sim.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SimClientTest {
  private static final TopicPartition P = new TopicPartition("t", 0);

  private final PlainWorld world = new PlainWorld(1);
  private final Faults faults = new Faults(world);
  private final SimCluster cluster = new SimCluster(world, faults, new ClusterWatch() {});
  private final SimProcess process = new SimProcess("p1", world);
  private final List<String> callbacks = new ArrayList<>();

  @SuppressWarnings("deprecation") // its successor does not exist in the oldest client
  @Test
  void shouldJoinPollCommitAndLeave() {
    cluster.createTopic("t", 1);
    cluster.append(P, null, new byte[] {1});
    Map<String, Object> config = new HashMap<>();
    config.put("group.id", "g");
    config.put("auto.offset.reset", "earliest");
    Consumer<byte[], byte[]> client = cluster.consumers(process).apply(config);
    client.subscribe(List.of("t"), new Listener());
    int got = 0;
    for (int i = 0; i < 50 && got == 0; i++) {
      got = client.poll(Duration.ofMillis(100)).count();
    }
    assertThat(got).isEqualTo(1);
    assertThat(callbacks).containsExactly("assigned [t-0]");
    client.commitSync(Map.of(P, new OffsetAndMetadata(1)), Duration.ofSeconds(1));
    assertThat(cluster.offsets("g").get(P).offset()).isEqualTo(1);
    client.close(Duration.ofSeconds(1));
    world.pass(10_000_000);
    assertThat(callbacks).containsExactly("assigned [t-0]", "revoked [t-0]");
    assertThat(cluster.members("g")).isEmpty();
  }

  private final class Listener implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      callbacks.add("revoked " + partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      callbacks.add("assigned " + partitions);
    }
  }
}
