package io.github.safeconsumer.examples.ordersdb;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What the staging does with offsets, as an operator would with Kafka's own tools. */
final class Offsets implements AutoCloseable {
  private final Admin admin;

  Offsets(String bootstrapServers) {
    admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  /** Sets a group without members back to the beginning: every record is delivered again. */
  void rewind(String group, String topic, int partitions) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> beginning = new HashMap<>();
    for (int i = 0; i < partitions; i++) {
      beginning.put(new TopicPartition(topic, i), new OffsetAndMetadata(0));
    }
    admin.alterConsumerGroupOffsets(group, beginning).all().get(30, TimeUnit.SECONDS);
  }

  /** Where a topic ends, by partition. */
  Map<Integer, Long> ends(String topic, int partitions) throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (int i = 0; i < partitions; i++) {
      asked.put(new TopicPartition(topic, i), OffsetSpec.latest());
    }
    Map<Integer, Long> ends = new HashMap<>();
    admin
        .listOffsets(asked)
        .all()
        .get(30, TimeUnit.SECONDS)
        .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
    return ends;
  }

  @Override
  public void close() {
    admin.close();
  }
}
