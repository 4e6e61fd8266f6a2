package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import io.github.safeconsumer.internal.doctor.Sample.Member;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Asks the brokers of one group. What may not be seen is told and no failure. */
final class GroupReader {
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final String DEAD = "DEAD";
  private static final Identity ANY = Identity.of(null, null);

  private final Admin admin;
  private final String group;
  private final IsolationLevel isolation;
  private final OldestRecords oldest;
  private final LongSupplier millis;

  GroupReader(
      Admin admin,
      String group,
      IsolationLevel isolation,
      OldestRecords oldest,
      LongSupplier millis) {
    this.admin = admin;
    this.group = group;
    this.isolation = isolation;
    this.oldest = oldest;
    this.millis = millis;
  }

  /**
   * One look.
   *
   * @throws KafkaException where not even the group can be described
   */
  Sample read() {
    List<String> unseen = new ArrayList<>();
    String state = DEAD;
    String protocol = "";
    List<Member> members = List.of();
    try {
      ConsumerGroupDescription described = describe();
      state = stateOf(described);
      protocol = described.type().name();
      members = membersOf(described);
    } catch (ExecutionException | TimeoutException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw failed("group " + group + " could not be described", e);
      }
    }
    Map<TopicPartition, OffsetAndMetadata> committed = committed();
    Set<TopicPartition> all = new HashSet<>(committed.keySet());
    members.forEach(member -> all.addAll(member.owns()));
    Map<TopicPartition, Log> logs = logs(all, committed, unseen);
    return new Sample(
        Instant.ofEpochMilli(millis.getAsLong()),
        group,
        protocol,
        state,
        members,
        logs,
        retention(all, unseen),
        unseen);
  }

  private ConsumerGroupDescription describe() throws ExecutionException, TimeoutException {
    return get(
        Objects.requireNonNull(
            admin.describeConsumerGroups(List.of(group)).describedGroups().get(group)));
  }

  @SuppressWarnings({"deprecation", "removal"}) // its successor is missing in 3.9
  private static String stateOf(ConsumerGroupDescription described) {
    return described.state().name();
  }

  private static List<Member> membersOf(ConsumerGroupDescription described) {
    return described.members().stream()
        .map(
            one ->
                new Member(
                    one.consumerId(),
                    one.clientId(),
                    one.host(),
                    List.copyOf(one.assignment().topicPartitions())))
        .sorted(Comparator.comparing(Member::clientId).thenComparing(Member::id))
        .toList();
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() {
    try {
      Map<TopicPartition, OffsetAndMetadata> all =
          get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
      Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>(all);
      known.values().removeIf(Objects::isNull);
      return known;
    } catch (ExecutionException | TimeoutException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw failed("what group " + group + " has committed could not be read", e);
    }
  }

  private Map<TopicPartition, Log> logs(
      Set<TopicPartition> partitions,
      Map<TopicPartition, OffsetAndMetadata> committed,
      List<String> unseen) {
    Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest(), unseen);
    Map<TopicPartition, Long> ends = offsets(begins.keySet(), OffsetSpec.latest(), unseen);
    Map<TopicPartition, Long> from = new HashMap<>();
    ends.forEach(
        (partition, end) -> {
          OffsetAndMetadata known = committed.get(partition);
          long begin = Objects.requireNonNull(begins.get(partition));
          long position = known == null ? begin : Math.max(begin, known.offset());
          if (position < end) {
            from.put(partition, position);
          }
        });
    Map<TopicPartition, OldestRecords.Found> found = oldest.from(from, ends, unseen);
    Map<TopicPartition, Log> logs = new HashMap<>();
    ends.forEach(
        (partition, end) -> {
          OffsetAndMetadata known = committed.get(partition);
          OldestRecords.Found first = found.get(partition);
          logs.put(
              partition,
              new Log(
                  known == null ? OptionalLong.empty() : OptionalLong.of(known.offset()),
                  note(known),
                  Objects.requireNonNull(begins.get(partition)),
                  end,
                  first == null ? Optional.empty() : first.timestamp(),
                  first != null && first.nothing()));
        });
    return logs;
  }

  /**
   * What a SafeConsumer left beside the offset; of whatever cluster, since nothing relies on it.
   */
  private static Optional<Note> note(@Nullable OffsetAndMetadata committed) {
    return committed != null
            && NoteCodec.decode(committed.metadata(), committed.offset(), ANY)
                instanceof Reading.Read read
        ? Optional.of(read.note())
        : Optional.empty();
  }

  private Map<TopicPartition, Long> offsets(
      Set<TopicPartition> partitions, OffsetSpec spec, List<String> unseen) {
    Map<TopicPartition, Long> found = new HashMap<>();
    if (partitions.isEmpty()) {
      return found;
    }
    ListOffsetsResult answer =
        admin.listOffsets(
            partitions.stream().collect(Collectors.toMap(p -> p, p -> spec)),
            new ListOffsetsOptions(isolation));
    for (TopicPartition partition : partitions) {
      try {
        ListOffsetsResultInfo info = get(answer.partitionResult(partition));
        found.put(partition, info.offset());
      } catch (ExecutionException | TimeoutException e) {
        unseen.add("the log of " + partition + " (" + SafeThrowables.className(cause(e)) + ")");
      }
    }
    return found;
  }

  private Map<String, Duration> retention(Set<TopicPartition> partitions, List<String> unseen) {
    Map<String, Duration> found = new HashMap<>();
    Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    if (topics.isEmpty()) {
      return found;
    }
    Map<ConfigResource, KafkaFuture<Config>> answers =
        admin
            .describeConfigs(
                topics.stream()
                    .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                    .toList())
            .values();
    answers.forEach(
        (topic, answer) -> {
          try {
            retentionOf(get(answer)).ifPresent(kept -> found.put(topic.name(), kept));
          } catch (ExecutionException | TimeoutException e) {
            unseen.add(
                "for how long topic "
                    + topic.name()
                    + " keeps records ("
                    + SafeThrowables.className(cause(e))
                    + "): grant DESCRIBE_CONFIGS on it to be told");
          }
        });
    return found;
  }

  private static Optional<Duration> retentionOf(Config config) {
    ConfigEntry policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
    ConfigEntry kept = config.get(TopicConfig.RETENTION_MS_CONFIG);
    if (policy == null
        || kept == null
        || !policy.value().contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
      return Optional.empty();
    }
    long forSo = Long.parseLong(kept.value());
    return forSo < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(forSo));
  }

  static <T> T get(KafkaFuture<T> answer) throws ExecutionException, TimeoutException {
    try {
      return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static Throwable cause(Exception e) {
    return e.getCause() == null ? e : e.getCause();
  }

  private static KafkaException failed(String what, Exception e) {
    Throwable cause = cause(e);
    return new KafkaException(what + ": " + SafeThrowables.className(cause), cause);
  }
}
