package io.github.safeconsumer.examples.migrate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What the broker has of the group. */
record Group(Admin admin, String name, String topic) {
  private static final long PATIENCE_SECONDS = 30;

  /** By partition; one without an offset is absent. */
  Map<Integer, OffsetAndMetadata> committed() throws Exception {
    Map<Integer, OffsetAndMetadata> offsets = new TreeMap<>();
    admin
        .listConsumerGroupOffsets(name)
        .partitionsToOffsetAndMetadata()
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .forEach((partition, offset) -> offsets.put(partition.partition(), offset));
    return offsets;
  }

  Map<Integer, Long> ends() throws Exception {
    Map<TopicPartition, OffsetSpec> all =
        IntStream.range(0, Feed.PARTITIONS)
            .mapToObj(one -> new TopicPartition(topic, one))
            .collect(Collectors.toMap(one -> one, one -> OffsetSpec.latest()));
    Map<Integer, Long> ends = new TreeMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
        admin.listOffsets(all).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS).entrySet()) {
      ends.put(end.getKey().partition(), end.getValue().offset());
    }
    return ends;
  }

  boolean isAtTheEnd() throws Exception {
    Map<Integer, OffsetAndMetadata> committed = committed();
    return ends().entrySet().stream()
        .allMatch(
            end ->
                committed.containsKey(end.getKey())
                    && committed.get(end.getKey()).offset() == end.getValue());
  }

  /** Places that were handled and that no committed offset covers. */
  long uncommitted(List<Child.Place> handled) throws Exception {
    Map<Integer, OffsetAndMetadata> committed = committed();
    return handled.stream()
        .distinct()
        .filter(
            place -> {
              OffsetAndMetadata offset = committed.get(place.partition());
              return offset == null || place.offset() >= offset.offset();
            })
        .count();
  }

  /** Whether something stands beside an offset. */
  boolean hasNotes() throws Exception {
    return committed().values().stream().anyMatch(offset -> !offset.metadata().isEmpty());
  }
}
