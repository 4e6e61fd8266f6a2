package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.internal.diagnosis.CauseBuilder;
import io.github.safeconsumer.internal.diagnosis.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Why the lag of a group grows, as far as that can be seen from outside: in the same order as the
 * diagnosis from inside, and with the same codes where it means the same. Pure.
 */
final class GroupDiagnosis {
  /** Causes of one kind, and names in one cause. */
  static final int MOST_OF_A_KIND = 5;

  private GroupDiagnosis() {}

  static List<Cause> of(Looks looks, List<GroupReport.Partition> partitions) {
    List<Cause> causes = new ArrayList<>();
    Membership.addNobody(looks, causes);
    Noted.add(looks, causes);
    Standstill.add(looks, causes);
    Membership.addMoves(looks, causes);
    if (causes.isEmpty()) {
      Slowness.add(looks, causes);
    }
    Losses.add(looks, partitions, causes);
    if (causes.isEmpty()) {
      causes.add(nothingWrong(looks, partitions));
    }
    return List.copyOf(causes);
  }

  /** The first few, by name, and how many more there are. */
  static <T> String names(List<T> all, Function<T, String> name) {
    String some = all.stream().limit(MOST_OF_A_KIND).map(name).collect(Collectors.joining(", "));
    return all.size() > MOST_OF_A_KIND
        ? some + " and " + (all.size() - MOST_OF_A_KIND) + " more"
        : some;
  }

  static String names(List<TopicPartition> all) {
    return names(all, TopicPartition::toString);
  }

  /** Whether something was said of the partition already. */
  static boolean isTold(List<Cause> causes, TopicPartition partition) {
    return causes.stream()
        .anyMatch(
            cause ->
                partition.topic().equals(cause.numbers().get("topic"))
                    && Integer.valueOf(partition.partition())
                        .equals(cause.numbers().get("partition")));
  }

  private static Cause nothingWrong(Looks looks, List<GroupReport.Partition> partitions) {
    Sample now = looks.now();
    long lag = partitions.stream().mapToLong(GroupReport.Partition::lag).sum();
    CauseBuilder cause =
        new CauseBuilder(Cause.NOTHING_WRONG)
            .number("members", now.members().size())
            .number("partitions", partitions.size())
            .number("lag", lag);
    if (lag == 0) {
      cause.says(
          Words.count(partitions.size(), "partition")
              + (partitions.size() == 1
                  ? ", committed to its end"
                  : ", all committed to their end"));
    } else {
      cause.says(Words.count(lag, "record") + " in work or on their way");
      timeToDrain(partitions)
          .ifPresent(
              time ->
                  cause
                      .says(", committed in about " + Words.time(time) + " at the rate of late")
                      .millis("timeToDrain", time));
    }
    if (!now.refused().isEmpty()) {
      cause.says("; " + Words.count(now.refused().size(), "partition") + " could not be seen");
    }
    if (looks.isFirst()) {
      cause.says("; look again in some seconds to know more");
    }
    return cause.remedy("");
  }

  private static Optional<Duration> timeToDrain(List<GroupReport.Partition> partitions) {
    return partitions.stream()
        .map(GroupReport.Partition::timeToDrain)
        .flatMap(Optional::stream)
        .max(Duration::compareTo)
        .filter(time -> !time.isZero());
  }
}
