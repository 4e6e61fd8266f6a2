package io.github.safeconsumer.internal.doctor;

import static io.github.safeconsumer.internal.doctor.GroupDiagnosis.names;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.internal.diagnosis.CauseBuilder;
import io.github.safeconsumer.internal.diagnosis.Words;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Records were deleted before they were committed, or will be. */
final class Losses {
  /** What is further away than this is nobody's concern yet. */
  private static final Duration SOON = Duration.ofHours(24);

  private final Looks looks;
  private final Sample now;
  private final List<Cause> causes;

  private Losses(Looks looks, List<Cause> causes) {
    this.looks = looks;
    this.now = looks.now();
    this.causes = causes;
  }

  static void add(Looks looks, List<GroupReport.Partition> partitions, List<Cause> causes) {
    Losses losses = new Losses(looks, causes);
    losses.addDeleted();
    losses.addPastEnd();
    losses.addExpiring(partitions);
  }

  private List<TopicPartition> where(Predicate<Log> what) {
    return now.logs().keySet().stream()
        .filter(one -> now.log(one).committed().isPresent() && what.test(now.log(one)))
        .sorted(Comparator.comparing(TopicPartition::toString))
        .toList();
  }

  private static long committed(Log log) {
    return log.committed().orElse(0);
  }

  private void addDeleted() {
    List<TopicPartition> some = where(log -> committed(log) < log.begin());
    if (some.isEmpty()) {
      return;
    }
    long gone =
        some.stream().mapToLong(one -> now.log(one).begin() - committed(now.log(one))).sum();
    causes.add(
        new CauseBuilder("RECORDS_LOST")
            .says(
                "up to " + Words.count(gone, "record") + " were deleted before the group committed")
            .says(" them: ")
            .says(
                names(
                    some,
                    one ->
                        one
                            + " is committed up to "
                            + committed(now.log(one))
                            + " and begins at "
                            + now.log(one).begin()))
            .number("topic", some.get(0).topic())
            .number("partition", some.get(0).partition())
            .number("partitions", some.size())
            .number("records", gone)
            .remedy(
                "find out from their producer what was in them; keep records longer (retention.ms,"
                    + " retention.bytes) than the longest outage"));
  }

  /** Since the look before: just after a failover a leader may not know its end yet. */
  private void addPastEnd() {
    List<TopicPartition> some =
        where(log -> committed(log) > log.high()).stream()
            .filter(one -> !looks.isFirst() && wasPastEnd(looks.first().logs().get(one)))
            .toList();
    if (!some.isEmpty()) {
      causes.add(
          new CauseBuilder("OFFSET_PAST_END")
              .says("committed beyond the end of the log: ")
              .says(
                  names(
                      some,
                      one -> one + "@" + committed(now.log(one)) + " of " + now.log(one).high()))
              .number("topic", some.get(0).topic())
              .number("partition", some.get(0).partition())
              .number("partitions", some.size())
              .remedy(
                  "was the topic created anew, or did an unclean leader election cut its log? Stop the"
                      + " members and reset the group's offsets"));
    }
  }

  private static boolean wasPastEnd(@Nullable Log earlier) {
    return earlier != null && committed(earlier) > earlier.high();
  }

  private void addExpiring(List<GroupReport.Partition> partitions) {
    GroupReport.Partition worst = null;
    Duration least = null;
    for (GroupReport.Partition one : partitions) {
      Duration kept = now.retention().get(one.partition().topic());
      if (looks.isFirst()
          || kept == null
          || one.committed().isEmpty()
          || one.oldestAge().isEmpty()
          || one.lag() == 0) {
        continue;
      }
      Duration left = kept.minus(one.oldestAge().get());
      boolean inTime = one.timeToDrain().filter(drain -> drain.compareTo(left) < 0).isPresent();
      boolean soon = left.compareTo(SOON) < 0 && left.compareTo(kept.dividedBy(2)) < 0;
      if (soon && !inTime && (least == null || left.compareTo(least) < 0)) {
        worst = one;
        least = left;
      }
    }
    if (worst != null && least != null) {
      Duration left = least.isNegative() ? Duration.ZERO : least;
      causes.add(
          new CauseBuilder("RETENTION_RISK")
              .says("the oldest record of " + worst.partition() + " that is not committed expires ")
              .says(left.isZero() ? "any moment" : "in " + Words.time(left))
              .number("topic", worst.partition().topic())
              .number("partition", worst.partition().partition())
              .millis("left", left)
              .remedy(
                  "raise retention.ms of topic "
                      + worst.partition().topic()
                      + " now, then mend the cause"));
    }
  }
}
