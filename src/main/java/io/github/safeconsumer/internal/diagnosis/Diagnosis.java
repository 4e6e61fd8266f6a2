package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.PartitionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The causes, the one to act on first before the others: what stands still (BLOCKED), then what
 * keeps the group from working (FROZEN, BROKER), then what is too slow (PARALLELISM, PRODUCER), and
 * at last what will be lost (RETENTION). Never empty: where nothing is wrong it says so.
 */
public final class Diagnosis {
  private Diagnosis() {}

  /** What is wrong with this consumer. */
  public static List<Cause> of(Facts facts) {
    List<Cause> causes = new ArrayList<>();
    Ended.add(facts, causes);
    Blocked.add(facts, causes);
    Frozen.add(facts, causes);
    Brokers.add(facts, causes);
    // Of what stands still it is no news that it falls behind.
    if (causes.isEmpty()) {
      TooSlow.add(facts, causes);
    }
    Retention.add(facts, causes);
    if (causes.isEmpty()) {
      causes.add(nothingWrong(facts));
    }
    return List.copyOf(causes);
  }

  private static Cause nothingWrong(Facts facts) {
    List<PartitionStatus> partitions = facts.status().partitions();
    long lag = partitions.stream().mapToLong(one -> one.lag().orElse(0)).sum();
    CauseBuilder cause = new CauseBuilder(Cause.NOTHING_WRONG);
    cause.number("partitions", partitions.size()).number("lag", lag);
    if (partitions.isEmpty()) {
      cause.says("no partition is owned: the group has given all of them to other members");
    } else if (lag == 0) {
      cause.says(Words.count(partitions.size(), "partition") + ", all done");
    } else {
      cause.says(Words.count(lag, "record") + " in work or on their way");
      partitions.stream()
          .map(PartitionStatus::timeToDrain)
          .flatMap(java.util.Optional::stream)
          .max(Duration::compareTo)
          .ifPresent(
              longest ->
                  cause
                      .says(", done in about " + Words.time(longest) + " at the rate of late")
                      .millis("timeToDrain", longest));
    }
    return cause.remedy("");
  }
}
