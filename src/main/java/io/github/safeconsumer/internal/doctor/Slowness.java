package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.internal.diagnosis.CauseBuilder;
import io.github.safeconsumer.internal.diagnosis.Words;
import io.github.safeconsumer.internal.doctor.Sample.Member;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Everybody works, and the group falls behind all the same. */
final class Slowness {
  private static final long LEAST_BEHIND = 100;

  /** Lag of that many intervals between commits is more than what waits for the next commit. */
  private static final double INTERVALS_BEHIND = 1.5;

  private static final double NOT_GAINING = 0.98;
  private static final double MOST_OF_IT = 0.8;

  /** Over less than that rates are chance. */
  private static final Duration LONG_ENOUGH = Standstill.PATIENCE;

  private final Looks looks;
  private final Sample now;
  private final List<TopicPartition> partitions;

  private Slowness(Looks looks) {
    this.looks = looks;
    this.now = looks.now();
    this.partitions =
        now.logs().keySet().stream()
            .filter(one -> looks.committedFor(one).compareTo(LONG_ENOUGH) >= 0)
            .filter(one -> !now.log(one).waitsForTransaction())
            .toList();
  }

  static void add(Looks looks, List<Cause> causes) {
    if (looks.span().compareTo(LONG_ENOUGH) < 0) {
      return;
    }
    Slowness slowness = new Slowness(looks);
    slowness.hotPartition().or(slowness::whole).ifPresent(causes::add);
  }

  private long lag(Collection<TopicPartition> some) {
    return some.stream().mapToLong(one -> now.log(one).knownLag()).sum();
  }

  private double arrived(Collection<TopicPartition> some) {
    return some.stream().mapToDouble(one -> looks.arrivedPerSecond(one).orElse(0)).sum();
  }

  private double done(Collection<TopicPartition> some) {
    return some.stream().mapToDouble(one -> looks.committedPerSecond(one).orElse(0)).sum();
  }

  /** Even if one more commit is due: nobody who catches up is called slow. */
  private boolean fallsBehind(Collection<TopicPartition> some) {
    double arrived = arrived(some);
    double most = some.stream().mapToDouble(looks::doneAtMost).sum();
    double interval =
        now.members().stream()
                .map(Standstill::patience)
                .mapToLong(Duration::toMillis)
                .max()
                .orElse(LONG_ENOUGH.toMillis())
            / 1e3;
    return done(some) > 0 // what stands still is no matter of pace
        && lag(some) >= Math.max(LEAST_BEHIND, INTERVALS_BEHIND * interval * arrived)
        && most <= NOT_GAINING * arrived;
  }

  /** One has nearly all of it, and gains nothing. */
  private Optional<Cause> hotPartition() {
    Optional<TopicPartition> hot =
        partitions.stream().max(Comparator.comparingLong(one -> now.log(one).lag()));
    if (partitions.size() < 2
        || hot.isEmpty()
        || lag(List.of(hot.get())) < MOST_OF_IT * lag(partitions)
        || !fallsBehind(List.of(hot.get()))) {
      return Optional.empty();
    }
    TopicPartition partition = hot.get();
    return Optional.of(
        numbers(
                new CauseBuilder("PARALLELISM_HOT_PARTITION")
                    .says(share(List.of(partition)) + " of the lag is in " + partition + ", where ")
                    .says(Words.rate(arrived(List.of(partition))) + " arrive and ")
                    .says(Words.rate(done(List.of(partition))) + " are committed: ")
                    .number("topic", partition.topic())
                    .number("partition", partition.partition())
                    .number("partitionLag", now.log(partition).lag()))
            .remedy(
                "spread the keys over more partitions, or handle keys of one partition in parallel"
                    + " (ordering KEY)"));
  }

  private Optional<Cause> whole() {
    if (!fallsBehind(partitions)) {
      return Optional.empty();
    }
    return hotMember().or(() -> Optional.of(tooFew()));
  }

  /** One member has nearly all of it, though others are there. */
  private Optional<Cause> hotMember() {
    Optional<Member> hot =
        now.members().stream().max(Comparator.comparingLong(one -> lag(owned(one))));
    long working = now.members().stream().filter(one -> !one.owns().isEmpty()).count();
    if (hot.isEmpty() || working < 2 || lag(owned(hot.get())) < MOST_OF_IT * lag(partitions)) {
      return Optional.empty();
    }
    List<TopicPartition> its = owned(hot.get());
    return Optional.of(
        numbers(
                new CauseBuilder("PARALLELISM_HOT_MEMBER")
                    .says(share(its) + " of the lag is with " + hot.get().name() + ", which owns ")
                    .says(its.size() + " of " + Words.count(partitions.size(), "partition") + ": ")
                    .number("owned", its.size()))
            .remedy(
                "look at that machine: is it slower than the others, or owns more than they do?"));
  }

  private List<TopicPartition> owned(Member member) {
    return partitions.stream().filter(member.owns()::contains).toList();
  }

  private Cause tooFew() {
    long idle = now.members().stream().filter(one -> one.owns().isEmpty()).count();
    if (idle > 0) {
      return numbers(
              new CauseBuilder("PARALLELISM_PARTITIONS")
                  .says(Words.count(idle, "member") + " of " + now.members().size())
                  .says(idle == 1 ? " owns nothing" : " own nothing")
                  .says(": there are but " + Words.count(partitions.size(), "partition") + "; ")
                  .number("idleMembers", idle))
          .remedy(
              "add partitions, or handle keys of one partition in parallel (ordering KEY): more"
                  + " members cannot help");
    }
    boolean more = now.members().size() < partitions.size();
    return numbers(new CauseBuilder("PARALLELISM_WORKERS"))
        .remedy(
            more
                ? "handle more at once: raise concurrency, or add members (up to "
                    + partitions.size()
                    + ")"
                : "handle more at once in each member, or add partitions: there are no more of them than"
                    + " members");
  }

  private String share(Collection<TopicPartition> some) {
    return Words.percent((double) lag(some) / Math.max(1, lag(partitions)));
  }

  private CauseBuilder numbers(CauseBuilder cause) {
    double done = done(partitions);
    double arrived = arrived(partitions);
    return cause
        .says(Words.count(lag(partitions), "record") + " behind, ")
        .says(Words.rate(done) + " committed, " + Words.rate(arrived) + " arrive")
        .number("lag", lag(partitions))
        .number("committedPerSecond", done)
        .number("arrivedPerSecond", arrived)
        .number("members", now.members().size())
        .number("partitions", partitions.size());
  }
}
