package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.doctor.Answers.Unanswered;
import io.github.safeconsumer.internal.doctor.Sample.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Asks the brokers of one group. What may not be seen is told and no failure. */
final class GroupReader {
  private static final String DEAD = "DEAD";
  private static final String UNKNOWN = "UNKNOWN";

  private final Admin admin;
  private final String group;
  private final LogReader logs;
  private final LongSupplier millis;

  GroupReader(Admin admin, String group, LogReader logs, LongSupplier millis) {
    this.admin = admin;
    this.group = group;
    this.logs = logs;
    this.millis = millis;
  }

  /**
   * One look.
   *
   * @throws KafkaException where not even the group can be described
   */
  Sample read() {
    Optional<ConsumerGroupDescription> described = describe();
    Map<TopicPartition, OffsetAndMetadata> committed = committed();
    // Of this moment are members and offsets; what comes later takes its time.
    Instant at = Instant.ofEpochMilli(millis.getAsLong());
    List<Member> members = described.map(GroupReader::membersOf).orElse(List.of());
    Set<TopicPartition> all = new HashSet<>(committed.keySet());
    members.forEach(member -> all.addAll(member.owns()));
    LogReader.Found found = logs.read(all, committed);
    return new Sample(
        at,
        group,
        described.map(one -> one.type().name()).orElse(UNKNOWN),
        described.map(GroupReader::stateOf).orElse(DEAD),
        described.filter(ConsumerGroupDescription::isSimpleConsumerGroup).isPresent(),
        members,
        found.logs(),
        found.refused(),
        found.leaderless(),
        found.retention(),
        found.unseen());
  }

  private Optional<ConsumerGroupDescription> describe() {
    try {
      return Optional.of(
          Answers.get(
              Objects.requireNonNull(
                  admin
                      .describeConsumerGroups(
                          List.of(group),
                          new DescribeConsumerGroupsOptions().timeoutMs(Answers.millis()))
                      .describedGroups()
                      .get(group))));
    } catch (Unanswered e) {
      if (e.why() instanceof GroupIdNotFoundException) {
        return Optional.empty();
      }
      throw Answers.failed("group " + group + " could not be described", group, e);
    }
  }

  @SuppressWarnings({"deprecation", "removal"}) // its successor is missing in 3.9
  private static String stateOf(ConsumerGroupDescription described) {
    return described.state().name();
  }

  private static List<Member> membersOf(ConsumerGroupDescription described) {
    return described.members().stream()
        .map(GroupReader::memberOf)
        .sorted(Comparator.comparing(Member::clientId).thenComparing(Member::id))
        .toList();
  }

  private static Member memberOf(MemberDescription one) {
    Set<TopicPartition> owns = one.assignment().topicPartitions();
    List<TopicPartition> gives = new ArrayList<>();
    one.targetAssignment()
        .ifPresent(
            target -> {
              gives.addAll(owns);
              gives.removeAll(target.topicPartitions());
            });
    return new Member(one.consumerId(), one.clientId(), one.host(), List.copyOf(owns), gives);
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() {
    try {
      Map<TopicPartition, OffsetAndMetadata> known =
          new HashMap<>(
              Answers.get(
                  admin
                      .listConsumerGroupOffsets(
                          group, new ListConsumerGroupOffsetsOptions().timeoutMs(Answers.millis()))
                      .partitionsToOffsetAndMetadata()));
      known.values().removeIf(Objects::isNull);
      return known;
    } catch (Unanswered e) {
      if (e.why() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw Answers.failed("what group " + group + " has committed could not be read", group, e);
    }
  }
}
