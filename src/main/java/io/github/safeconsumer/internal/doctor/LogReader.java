package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.doctor.Answers.Unanswered;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import io.github.safeconsumer.internal.doctor.Sample.Transaction;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Asks the brokers of the logs that a group reads. */
final class LogReader {
  private static final Identity ANY = Identity.of(null, null);

  private final Admin admin;
  private final IsolationLevel isolation;
  private final OldestRecords oldest;
  private final Transactions transactions;
  private final Retentions retentions;

  LogReader(Admin admin, IsolationLevel isolation, OldestRecords oldest) {
    this.admin = admin;
    this.isolation = isolation;
    this.oldest = oldest;
    this.transactions = new Transactions(admin);
    this.retentions = new Retentions(admin);
  }

  /** What was found of the partitions, as in {@link Sample}. */
  record Found(
      Map<TopicPartition, Log> logs,
      List<TopicPartition> refused,
      List<TopicPartition> leaderless,
      Map<String, Duration> retention,
      List<String> unseen) {}

  /** Of one look. */
  private record Offsets(long begin, long stable, long high) {}

  Found read(Set<TopicPartition> partitions, Map<TopicPartition, OffsetAndMetadata> committed) {
    List<String> unseen = new ArrayList<>();
    List<TopicPartition> refused = new ArrayList<>();
    List<TopicPartition> leaderless = new ArrayList<>();
    Set<TopicPartition> led = led(partitions, refused, leaderless, unseen);
    Map<TopicPartition, Offsets> offsets = offsets(led, leaderless, unseen);
    Map<TopicPartition, Long> from = new HashMap<>();
    Map<TopicPartition, Long> to = new HashMap<>();
    offsets.forEach(
        (partition, log) -> {
          long position = Math.max(log.begin(), offset(committed.get(partition)).orElse(0));
          if (position < log.stable()) {
            from.put(partition, position);
            to.put(partition, log.stable());
          }
        });
    Map<TopicPartition, OldestRecords.Found> first = oldest.from(from, to, unseen);
    Map<TopicPartition, Log> logs = new HashMap<>();
    offsets.forEach(
        (partition, log) ->
            logs.put(partition, log(committed.get(partition), log, first.get(partition))));
    transactions.find(logs, unseen).forEach((partition, open) -> add(logs, partition, open));
    return new Found(
        logs, refused, leaderless, retentions.of(topics(logs.keySet()), unseen), unseen);
  }

  private static OptionalLong offset(@Nullable OffsetAndMetadata committed) {
    return committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset());
  }

  private static Set<String> topics(Collection<TopicPartition> partitions) {
    return partitions.stream()
        .map(TopicPartition::topic)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Log log(
      @Nullable OffsetAndMetadata committed, Offsets log, OldestRecords.@Nullable Found first) {
    return new Log(
        offset(committed),
        note(committed),
        log.begin(),
        log.stable(),
        log.high(),
        isolation == IsolationLevel.READ_COMMITTED ? log.stable() : log.high(),
        first == null ? Optional.empty() : first.timestamp(),
        first != null && first.nothing(),
        Optional.empty());
  }

  private static void add(
      Map<TopicPartition, Log> logs, TopicPartition partition, Transaction open) {
    logs.computeIfPresent(
        partition,
        (same, log) ->
            new Log(
                log.committed(),
                log.note(),
                log.begin(),
                log.stable(),
                log.high(),
                log.end(),
                log.oldest(),
                log.holdsNothing(),
                Optional.of(open)));
  }

  /**
   * What a SafeConsumer left beside the offset; of whatever cluster, since nothing relies on it.
   * Metadata of others says nothing.
   */
  private static Optional<Note> note(@Nullable OffsetAndMetadata committed) {
    return committed != null
            && NoteCodec.decode(committed.metadata(), committed.offset(), ANY)
                instanceof Reading.Read read
        ? Optional.of(read.note())
        : Optional.empty();
  }

  /** Those with a leader; asked before offsets, which would be waited for in vain. */
  private Set<TopicPartition> led(
      Set<TopicPartition> partitions,
      List<TopicPartition> refused,
      List<TopicPartition> leaderless,
      List<String> unseen) {
    Set<TopicPartition> led = new HashSet<>();
    if (partitions.isEmpty()) {
      return led;
    }
    Map<String, KafkaFuture<TopicDescription>> answers =
        admin
            .describeTopics(
                topics(partitions), new DescribeTopicsOptions().timeoutMs(Answers.millis()))
            .topicNameValues();
    answers.forEach(
        (topic, answer) -> {
          List<TopicPartition> its =
              partitions.stream().filter(one -> one.topic().equals(topic)).toList();
          try {
            Answers.get(answer).partitions().stream()
                .filter(one -> one.leader() != null && !one.leader().isEmpty())
                .forEach(one -> led.add(new TopicPartition(topic, one.partition())));
            its.stream().filter(one -> !led.contains(one)).forEach(leaderless::add);
          } catch (Unanswered e) {
            if (e.why() instanceof AuthorizationException) {
              refused.addAll(its);
              unseen.add("topic " + topic + ": grant DESCRIBE on it to be told");
            } else if (e.why() instanceof UnknownTopicOrPartitionException) {
              unseen.add("topic " + topic + ", which is not there any more");
            } else {
              leaderless.addAll(its);
              unseen.add("topic " + topic + " (" + e.name() + ")");
            }
          }
        });
    led.retainAll(partitions);
    return led;
  }

  private Map<TopicPartition, Offsets> offsets(
      Set<TopicPartition> led, List<TopicPartition> leaderless, List<String> unseen) {
    Map<TopicPartition, Offsets> found = new HashMap<>();
    if (led.isEmpty()) {
      return found;
    }
    // Asked in this order the end is never before the begin, nor before what was committed.
    ListOffsetsResult begins = ask(led, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    ListOffsetsResult stables = ask(led, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    ListOffsetsResult highs = ask(led, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    for (TopicPartition partition : led) {
      try {
        long begin = Answers.get(begins.partitionResult(partition)).offset();
        long stable = Answers.get(stables.partitionResult(partition)).offset();
        long high = Answers.get(highs.partitionResult(partition)).offset();
        found.put(partition, new Offsets(begin, stable, Math.max(stable, high)));
      } catch (Unanswered e) {
        leaderless.add(partition);
        unseen.add("the log of " + partition + " (" + e.name() + ")");
      }
    }
    return found;
  }

  private ListOffsetsResult ask(
      Set<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
    return admin.listOffsets(
        partitions.stream().collect(Collectors.toMap(Function.identity(), one -> spec)),
        new ListOffsetsOptions(isolation).timeoutMs(Answers.millis()));
  }
}
