package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.common.TopicPartition;

/** Makes a report of what was seen. Pure. */
final class Reporting {
  private static final double SECOND = 1_000;

  private Reporting() {}

  static GroupReport report(Looks looks) {
    Sample now = looks.now();
    List<GroupReport.Partition> partitions =
        now.logs().keySet().stream()
            .sorted(
                Comparator.comparing(TopicPartition::topic)
                    .thenComparing(TopicPartition::partition))
            .map(partition -> partition(looks, partition))
            .toList();
    return new GroupReport(
        now.at(),
        now.group(),
        now.protocol(),
        now.state(),
        looks.isFirst() ? Optional.empty() : Optional.of(looks.span()),
        now.members().stream()
            .map(
                one ->
                    new GroupReport.Member(one.id(), one.clientId(), one.host(), one.owns().size()))
            .toList(),
        partitions,
        GroupDiagnosis.of(looks, partitions),
        unseen(looks));
  }

  private static List<String> unseen(Looks looks) {
    Sample now = looks.now();
    List<String> unseen = new ArrayList<>(now.unseen());
    List<TopicPartition> uncommitted =
        now.logs().keySet().stream()
            .filter(one -> now.log(one).committed().isEmpty() && now.log(one).lag() > 0)
            .sorted(Comparator.comparing(TopicPartition::toString))
            .toList();
    if (!uncommitted.isEmpty()) {
      unseen.add(
          "where members began to read "
              + GroupDiagnosis.names(uncommitted)
              + ", of which nothing is committed yet: all that is kept is counted");
    }
    if (now.members().isEmpty() && !now.logs().isEmpty()) {
      unseen.add(
          "who assigns partitions to itself, as Flink does, and commits without being a member");
    }
    if (looks.isFirst()) {
      unseen.add("rates, and who comes and goes: this is the first look");
    }
    unseen.add(
        "what members do between two commits: attempts, handlers, breakers, pauses (ask a"
            + " SafeConsumer's own status() and diagnose())");
    return unseen;
  }

  private static GroupReport.Partition partition(Looks looks, TopicPartition partition) {
    Sample now = looks.now();
    Log log = now.log(partition);
    OptionalDouble committed = looks.committedPerSecond(partition);
    OptionalDouble arrived = looks.arrivedPerSecond(partition);
    return new GroupReport.Partition(
        partition,
        now.owner(partition).map(Sample.Member::name),
        log.committed(),
        log.end(),
        log.lag(),
        log.oldest().map(at -> age(at, now.at())),
        looks.stands(partition),
        committed,
        arrived,
        drain(log.lag(), committed, arrived),
        log.note().map(NoteWords::of).orElse(""));
  }

  private static Duration age(Instant produced, Instant now) {
    Duration age = Duration.between(produced, now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  private static Optional<Duration> drain(
      long lag, OptionalDouble committed, OptionalDouble arrived) {
    if (lag == 0) {
      return Optional.of(Duration.ZERO);
    }
    double gained = committed.orElse(0) - arrived.orElse(0);
    return gained > 0
        ? Optional.of(Duration.ofMillis((long) (lag / gained * SECOND))) // saturates
        : Optional.empty();
  }
}
