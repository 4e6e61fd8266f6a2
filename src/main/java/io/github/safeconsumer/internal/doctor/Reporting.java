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
import org.jspecify.annotations.Nullable;

/** Makes a report of two looks. Pure. */
final class Reporting {
  private static final double SECOND = 1_000;

  private Reporting() {}

  static GroupReport report(@Nullable Sample before, Sample now) {
    List<GroupReport.Partition> partitions =
        now.logs().keySet().stream()
            .sorted(
                Comparator.comparing(TopicPartition::topic)
                    .thenComparing(TopicPartition::partition))
            .map(partition -> partition(before, now, partition))
            .toList();
    Optional<Duration> since =
        before == null ? Optional.empty() : Optional.of(Duration.between(before.at(), now.at()));
    List<String> unseen = new ArrayList<>(now.unseen());
    if (before == null) {
      unseen.add("rates, and who comes and goes: this is the first look");
    }
    unseen.add(
        "what members do between two commits: attempts, handlers, breakers, pauses (ask a"
            + " SafeConsumer's own status() and diagnose())");
    return new GroupReport(
        now.at(),
        now.group(),
        now.protocol(),
        now.state(),
        since,
        now.members().stream()
            .map(
                one ->
                    new GroupReport.Member(one.id(), one.clientId(), one.host(), one.owns().size()))
            .toList(),
        partitions,
        GroupDiagnosis.of(before, now, partitions),
        unseen);
  }

  private static GroupReport.Partition partition(
      @Nullable Sample before, Sample now, TopicPartition partition) {
    Log log = now.log(partition);
    Log earlier = before == null ? null : before.logs().get(partition);
    OptionalDouble committed = OptionalDouble.empty();
    OptionalDouble arrived = OptionalDouble.empty();
    if (before != null && earlier != null) {
      double seconds = Duration.between(before.at(), now.at()).toMillis() / SECOND;
      if (seconds > 0) {
        committed = rate(log.position() - earlier.position(), seconds);
        arrived = rate(log.end() - earlier.end(), seconds);
      }
    }
    return new GroupReport.Partition(
        partition,
        now.owner(partition).map(Sample.Member::name),
        log.committed(),
        log.end(),
        log.lag(),
        log.oldest().map(at -> age(at, now.at())),
        committed,
        arrived,
        drain(log.lag(), committed, arrived),
        log.note().map(NoteWords::of).orElse(""));
  }

  private static OptionalDouble rate(long records, double seconds) {
    return OptionalDouble.of(Math.max(0, records) / seconds);
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
