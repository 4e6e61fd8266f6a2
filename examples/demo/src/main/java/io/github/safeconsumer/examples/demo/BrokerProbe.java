package io.github.safeconsumer.examples.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Asks the broker, and only the broker, how the groups stand. */
final class BrokerProbe implements AutoCloseable {
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);

  private final int partitions;
  private final Admin admin;

  /** For topics of that many partitions. */
  BrokerProbe(String bootstrapServers, int partitions) {
    this.partitions = partitions;
    admin = Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  void createTopics(String... names) throws InterruptedException, ExecutionException {
    List<NewTopic> topics = new ArrayList<>();
    for (String name : names) {
      topics.add(new NewTopic(name, partitions, (short) 1));
    }
    admin.createTopics(topics).all().get();
  }

  Offsets offsets(String group, String topic) throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return new Offsets(
        partitionsOf(topic).stream()
            .map(committed::get)
            .map(offset -> offset == null ? 0L : offset.offset())
            .toList(),
        end(topic));
  }

  /** Records in the topic: nothing is deleted and nothing is transactional here. */
  long count(String topic) throws InterruptedException, ExecutionException {
    return end(topic).stream().mapToLong(Long::longValue).sum();
  }

  private List<Long> end(String topic) throws InterruptedException, ExecutionException {
    List<TopicPartition> wanted = partitionsOf(topic);
    Map<TopicPartition, ListOffsetsResultInfo> end =
        admin
            .listOffsets(
                wanted.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
            .all()
            .get();
    return wanted.stream().map(end::get).map(ListOffsetsResultInfo::offset).toList();
  }

  /** The ids of the group's members: a member that was expelled comes back under another id. */
  Set<String> members(String group) throws InterruptedException, ExecutionException {
    return admin
        .describeConsumerGroups(List.of(group))
        .describedGroups()
        .get(group)
        .get()
        .members()
        .stream()
        .map(MemberDescription::consumerId)
        .collect(Collectors.toUnmodifiableSet());
  }

  private List<TopicPartition> partitionsOf(String topic) {
    return IntStream.range(0, partitions)
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .toList();
  }

  @Override
  public void close() {
    admin.close(CLOSE_BOUND);
  }
}
