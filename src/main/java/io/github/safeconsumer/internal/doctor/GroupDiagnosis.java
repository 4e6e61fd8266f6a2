package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.internal.diagnosis.CauseBuilder;
import io.github.safeconsumer.internal.diagnosis.Words;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Why the lag of a group grows, as far as that can be seen from outside: in the same order as the
 * diagnosis from inside, and with the same codes where it means the same. Pure.
 */
final class GroupDiagnosis {
  /** A look after less than that cannot tell slow from stuck. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(4);

  private static final double BEHIND_SECONDS = 5;
  private static final long LEAST_BEHIND = 100;
  private static final double NOT_GAINING = 0.98;
  private static final double MOST_OF_IT = 0.8;
  private static final int MOST_OF_A_KIND = 5;
  private static final Duration SOON = Duration.ofHours(24);

  private final @Nullable Sample before;
  private final Sample now;
  private final List<GroupReport.Partition> partitions;
  private final List<Cause> causes = new ArrayList<>();

  private GroupDiagnosis(
      @Nullable Sample before, Sample now, List<GroupReport.Partition> partitions) {
    this.before = before;
    this.now = now;
    this.partitions = partitions;
  }

  static List<Cause> of(
      @Nullable Sample before, Sample now, List<GroupReport.Partition> partitions) {
    GroupDiagnosis diagnosis = new GroupDiagnosis(before, now, partitions);
    diagnosis.addNobody();
    diagnosis.addNotes();
    diagnosis.addStuck();
    diagnosis.addNotOwned();
    diagnosis.addRebalances();
    if (diagnosis.causes.isEmpty()) {
      diagnosis.addTooSlow();
    }
    diagnosis.addRetention();
    if (diagnosis.causes.isEmpty()) {
      diagnosis.causes.add(diagnosis.nothingWrong());
    }
    return List.copyOf(diagnosis.causes);
  }

  private long lag() {
    return partitions.stream().mapToLong(GroupReport.Partition::lag).sum();
  }

  private void addNobody() {
    if (!now.members().isEmpty()) {
      return;
    }
    if (partitions.isEmpty()) {
      causes.add(
          new CauseBuilder("GROUP_UNKNOWN")
              .says("group " + now.group() + " has no members and has committed nothing")
              .remedy("check the group's id and the cluster"));
    } else if (lag() > 0) {
      causes.add(
          new CauseBuilder("NO_MEMBERS")
              .says(
                  "nobody is in group "
                      + now.group()
                      + ", and "
                      + Words.count(lag(), "record")
                      + " wait")
              .number("lag", lag())
              .remedy("start its consumers, or look why they end"));
    }
  }

  /** What members that are SafeConsumers left beside their offsets. */
  private void addNotes() {
    List<Cause> found = new ArrayList<>();
    now.logs()
        .forEach(
            (partition, log) ->
                log.note()
                    .ifPresent(
                        note -> {
                          note.retries().stream()
                              .filter(entry -> hasStayed(partition, entry))
                              .findFirst()
                              .ifPresent(entry -> found.add(failing(partition, log, entry)));
                          CrashCase crash = note.crashCase();
                          if (crash != null && !crash.suspects().isEmpty()) {
                            found.add(crashes(partition, crash));
                          }
                        }));
    found.sort(Comparator.comparing(Cause::evidence));
    causes.addAll(found.subList(0, Math.min(MOST_OF_A_KIND, found.size())));
  }

  /** It failed at the last look too: what heals by itself is no news. */
  private boolean hasStayed(TopicPartition partition, RetryEntry entry) {
    Log earlier = before == null ? null : before.logs().get(partition);
    return earlier != null
        && earlier.note().isPresent()
        && earlier.note().get().retries().stream()
            .anyMatch(other -> other.offset() == entry.offset());
  }

  private Cause failing(TopicPartition partition, Log log, RetryEntry entry) {
    boolean owed = entry.fate().owesDeadLetter();
    CauseBuilder cause =
        new CauseBuilder(owed ? "BLOCKED_DEAD_LETTER" : "BLOCKED_RETRYING")
            .place(partition, entry.offset())
            .says(" failed " + Words.count(entry.attempts(), "time"))
            .says(owed ? " and its dead letter (" + entry.fate() + ") is not written" : "")
            .number("attempts", entry.attempts());
    if (entry.firstFailureSeconds() >= 0) {
      cause.since(
          Optional.of(java.time.Instant.ofEpochSecond(entry.firstFailureSeconds())), now.at());
    }
    return cause
        .says("; " + Words.count(log.lag(), "record") + " of its partition wait")
        .number("lag", log.lag())
        .remedy(
            owed
                ? "look at the dead-letter topic, or resolve the record at its owner"
                : "mend what fails; the owner's diagnose() names the exception");
  }

  private static Cause crashes(TopicPartition partition, CrashCase crash) {
    return new CauseBuilder("CRASHES")
        .says(
            Words.count(crash.uncleanEnds(), "owner")
                + " of "
                + partition
                + " died in a row, the suspects begin at offset "
                + crash.suspects().get(0).from())
        .number("topic", partition.topic())
        .number("partition", partition.partition())
        .number("uncleanEnds", crash.uncleanEnds())
        .remedy("look why the processes end; a record that ends them is found out and given up");
  }

  /** By owner: partitions with records of which nothing was committed since the last look. */
  private void addStuck() {
    if (before == null
        || Duration.between(before.at(), now.at()).compareTo(LONG_ENOUGH) < 0
        || now.isRebalancing()) {
      return;
    }
    Map<String, List<GroupReport.Partition>> stuck = new LinkedHashMap<>();
    for (GroupReport.Partition one : partitions) {
      Log earlier = before.logs().get(one.partition());
      boolean stands =
          one.owner().isPresent()
              && one.lag() > 0
              && earlier != null
              && earlier.lag() > 0
              && earlier.position() == now.log(one.partition()).position()
              && before.owner(one.partition()).equals(now.owner(one.partition()))
              && causes.stream().noneMatch(cause -> isAbout(cause, one.partition()));
      if (stands) {
        stuck.computeIfAbsent(one.owner().get(), owner -> new ArrayList<>()).add(one);
      }
    }
    stuck.forEach((owner, its) -> causes.add(stuck(owner, its)));
  }

  private static boolean isAbout(Cause cause, TopicPartition partition) {
    return partition.topic().equals(cause.numbers().get("topic"))
        && Integer.valueOf(partition.partition()).equals(cause.numbers().get("partition"));
  }

  private Cause stuck(String owner, List<GroupReport.Partition> its) {
    GroupReport.Partition first = its.get(0);
    long lag = its.stream().mapToLong(GroupReport.Partition::lag).sum();
    Duration time = Duration.between(java.util.Objects.requireNonNull(before).at(), now.at());
    return new CauseBuilder("BLOCKED_PARTITION")
        .says(owner + " has committed nothing in " + Words.time(time) + " of ")
        .says(
            its.stream()
                .limit(MOST_OF_A_KIND)
                .map(one -> one.partition() + "@" + now.log(one.partition()).position())
                .collect(Collectors.joining(", ")))
        .says(its.size() > MOST_OF_A_KIND ? " and " + (its.size() - MOST_OF_A_KIND) + " more" : "")
        .says(", where " + Words.count(lag, "record") + " wait")
        .number("topic", first.partition().topic())
        .number("partition", first.partition().partition())
        .number("partitions", its.size())
        .number("lag", lag)
        .millis("within", time)
        .remedy(
            "look at that process: a record that always fails, a handler that hangs, a pause, or one"
                + " record that takes longer than this");
  }

  private void addNotOwned() {
    if (now.members().isEmpty() || now.isRebalancing()) {
      return;
    }
    List<GroupReport.Partition> orphans =
        partitions.stream().filter(one -> one.owner().isEmpty() && one.lag() > 0).toList();
    if (orphans.isEmpty()) {
      return;
    }
    causes.add(
        new CauseBuilder("NOT_OWNED")
            .says(
                "no member owns "
                    + orphans.stream()
                        .limit(MOST_OF_A_KIND)
                        .map(one -> one.partition().toString())
                        .collect(Collectors.joining(", "))
                    + (orphans.size() > MOST_OF_A_KIND
                        ? " and " + (orphans.size() - MOST_OF_A_KIND) + " more"
                        : "")
                    + ", where "
                    + Words.count(
                        orphans.stream().mapToLong(GroupReport.Partition::lag).sum(), "record")
                    + " wait")
            .number("partitions", orphans.size())
            .remedy(
                "subscribe to the topic again, or delete the group's offsets of it if nobody wants it any"
                    + " more"));
  }

  private void addRebalances() {
    List<String> joined = new ArrayList<>();
    List<String> left = new ArrayList<>();
    if (before != null) {
      List<String> earlier = before.members().stream().map(Sample.Member::id).toList();
      List<String> today = now.members().stream().map(Sample.Member::id).toList();
      now.members().stream()
          .filter(one -> !earlier.contains(one.id()))
          .forEach(one -> joined.add(one.name()));
      before.members().stream()
          .filter(one -> !today.contains(one.id()))
          .forEach(one -> left.add(one.name()));
    }
    boolean still = now.isRebalancing() && (before == null || before.isRebalancing());
    boolean churn = !joined.isEmpty() && !left.isEmpty();
    if (!still && !churn) {
      return;
    }
    causes.add(
        new CauseBuilder("FROZEN_REBALANCES")
            .says("the group is " + now.state())
            .says(still && before != null ? ", as it was at the last look" : "")
            .says(joined.isEmpty() ? "" : "; joined: " + String.join(", ", joined))
            .says(left.isEmpty() ? "" : "; left: " + String.join(", ", left))
            .number("members", now.members().size())
            .number("joined", joined.size())
            .number("left", left.size())
            .remedy(
                "look at those that come and go: a crash loop, an autoscaler, too short a"
                    + " session.timeout.ms, or work that outlasts max.poll.interval.ms"));
  }

  private void addTooSlow() {
    double done = sum(false);
    double arrived = sum(true);
    boolean behind = lag() >= Math.max(LEAST_BEHIND, BEHIND_SECONDS * done);
    if (before == null || !behind || done > NOT_GAINING * arrived) {
      return;
    }
    CauseBuilder cause;
    String remedy;
    GroupReport.Partition hot =
        partitions.stream().max(Comparator.comparingLong(GroupReport.Partition::lag)).orElseThrow();
    long idle = now.members().stream().filter(one -> one.owns().isEmpty()).count();
    if (partitions.size() > 1 && hot.lag() >= MOST_OF_IT * lag()) {
      cause =
          new CauseBuilder("PARALLELISM_HOT_PARTITION")
              .says(
                  Words.percent((double) hot.lag() / lag())
                      + " of the lag is in "
                      + hot.partition()
                      + ": ")
              .number("topic", hot.partition().topic())
              .number("partition", hot.partition().partition());
      remedy = "spread the keys over more partitions, or handle keys of one partition in parallel";
    } else if (idle > 0) {
      cause =
          new CauseBuilder("PARALLELISM_PARTITIONS")
              .says(
                  Words.count(idle, "member")
                      + " of "
                      + now.members().size()
                      + " own nothing: there are but "
                      + Words.count(partitions.size(), "partition")
                      + "; ")
              .number("idleMembers", idle);
      remedy = "add partitions, or handle keys of one partition in parallel (ordering KEY)";
    } else {
      cause = new CauseBuilder("PARALLELISM_WORKERS");
      remedy =
          "handle more at once: raise concurrency, or add members (up to "
              + partitions.size()
              + ")";
    }
    causes.add(
        cause
            .says(
                Words.count(lag(), "record")
                    + " behind, "
                    + Words.rate(done)
                    + " committed, "
                    + Words.rate(arrived)
                    + " arrive")
            .number("lag", lag())
            .number("committedPerSecond", done)
            .number("arrivedPerSecond", arrived)
            .number("members", now.members().size())
            .remedy(remedy));
  }

  private double sum(boolean arrived) {
    return partitions.stream()
        .mapToDouble(one -> (arrived ? one.arrivedPerSecond() : one.committedPerSecond()).orElse(0))
        .sum();
  }

  private void addRetention() {
    GroupReport.Partition worst = null;
    Duration least = null;
    for (GroupReport.Partition one : partitions) {
      Duration kept = now.retention().get(one.partition().topic());
      if (kept == null || one.oldestAge().isEmpty() || one.lag() == 0) {
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
              .says(
                  "the oldest record of "
                      + worst.partition()
                      + " that is not committed expires in "
                      + Words.time(left))
              .number("topic", worst.partition().topic())
              .number("partition", worst.partition().partition())
              .millis("left", left)
              .remedy(
                  "raise retention.ms of topic "
                      + worst.partition().topic()
                      + " now, then mend the cause"));
    }
  }

  private Cause nothingWrong() {
    CauseBuilder cause =
        new CauseBuilder(Cause.NOTHING_WRONG)
            .number("members", now.members().size())
            .number("partitions", partitions.size())
            .number("lag", lag());
    if (lag() == 0) {
      return cause
          .says(Words.count(partitions.size(), "partition") + ", all committed to their end")
          .remedy("");
    }
    cause.says(Words.count(lag(), "record") + " in work or on their way");
    partitions.stream()
        .map(GroupReport.Partition::timeToDrain)
        .flatMap(Optional::stream)
        .max(Duration::compareTo)
        .filter(time -> !time.isZero())
        .ifPresent(
            time ->
                cause
                    .says(", committed in about " + Words.time(time) + " at the rate of late")
                    .millis("timeToDrain", time));
    if (before == null) {
      cause.says("; look again in some seconds to know more");
    }
    return cause.remedy("");
  }
}
