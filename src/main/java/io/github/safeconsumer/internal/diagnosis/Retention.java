package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.PartitionStatus;
import java.time.Duration;
import java.util.List;

/** Records will be deleted before they are handled. */
final class Retention {
  /** What is further away than this is nobody's concern yet. */
  private static final Duration SOON = Duration.ofHours(24);

  private Retention() {}

  static void add(Facts facts, List<Cause> causes) {
    PartitionStatus worst = null;
    Duration least = null;
    for (PartitionStatus one : facts.status().partitions()) {
      Duration kept = facts.retention().get(one.partition().topic());
      Duration age = one.oldestAge().orElse(null);
      if (kept == null || age == null || one.lag().orElse(0) == 0) {
        continue;
      }
      Duration left = kept.minus(age);
      boolean inTime = one.timeToDrain().filter(drain -> drain.compareTo(left) < 0).isPresent();
      boolean soon = left.compareTo(SOON) < 0 && left.compareTo(kept.dividedBy(2)) < 0;
      if (soon && !inTime && (least == null || left.compareTo(least) < 0)) {
        worst = one;
        least = left;
      }
    }
    if (worst == null || least == null) {
      return;
    }
    Duration kept = facts.retention().get(worst.partition().topic());
    Duration left = least.isNegative() ? Duration.ZERO : least;
    CauseBuilder cause =
        new CauseBuilder("RETENTION_RISK")
            .says("the oldest record of " + worst.partition() + " that is not done expires in ")
            .says(Words.time(left))
            .says(
                " (retention "
                    + Words.time(kept == null ? Duration.ZERO : kept)
                    + "), "
                    + worst
                        .timeToDrain()
                        .map(drain -> "and it takes " + Words.time(drain) + " to get there")
                        .orElse("and at the rate of late nobody gets there"))
            .number("topic", worst.partition().topic())
            .number("partition", worst.partition().partition())
            .millis("left", left);
    causes.add(
        cause.remedy(
            "raise retention.ms of topic "
                + worst.partition().topic()
                + " now, then mend the cause"));
  }
}
