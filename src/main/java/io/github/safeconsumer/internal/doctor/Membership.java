package io.github.safeconsumer.internal.doctor;

import static io.github.safeconsumer.internal.doctor.GroupDiagnosis.names;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.internal.diagnosis.CauseBuilder;
import io.github.safeconsumer.internal.diagnosis.Words;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import io.github.safeconsumer.internal.doctor.Sample.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Who is in the group, who comes and goes, and what nobody owns. */
final class Membership {
  /** Changes from look to look: one is a start, an end or a deploy. */
  private static final int CHURN = 2;

  private final Looks looks;
  private final Sample now;
  private final List<Cause> causes;

  private Membership(Looks looks, List<Cause> causes) {
    this.looks = looks;
    this.now = looks.now();
    this.causes = causes;
  }

  /** There is nobody, or no such group. */
  static void addNobody(Looks looks, List<Cause> causes) {
    new Membership(looks, causes).addNobody();
  }

  /** There is somebody, but not for every partition, or not for long. */
  static void addMoves(Looks looks, List<Cause> causes) {
    Membership membership = new Membership(looks, causes);
    membership.addNotOwned();
    membership.addIdle();
    membership.addRebalances();
  }

  private void addNobody() {
    if (!now.members().isEmpty() || now.isRebalancing()) {
      return;
    }
    long lag = now.logs().values().stream().mapToLong(Log::knownLag).sum();
    boolean moves =
        now.logs().keySet().stream().anyMatch(one -> looks.committedPerSecond(one).orElse(0) > 0);
    if (now.logs().isEmpty() && now.refused().isEmpty() && now.leaderless().isEmpty()) {
      causes.add(
          new CauseBuilder("GROUP_UNKNOWN")
              .says("group " + now.group() + " has no members and has committed nothing")
              .remedy(
                  "check the group's id and the cluster; of topics that one may not DESCRIBE nothing"
                      + " is seen, nor of share groups and streams groups"));
    } else if (lag > 0 && !moves && !now.simple()) {
      causes.add(
          new CauseBuilder("NO_MEMBERS")
              .says("nobody is in group " + now.group() + ", and " + Words.count(lag, "record"))
              .says(" wait")
              .number("lag", lag)
              .remedy("start its consumers, or look why they end"));
    }
  }

  /** As at the look before: what is on its way from one member to another is no news. */
  private void addNotOwned() {
    if (now.members().isEmpty()
        || looks.isFirst()
        || looks.samples().stream().anyMatch(Sample::isRebalancing)) {
      return;
    }
    List<TopicPartition> orphans =
        now.logs().keySet().stream()
            .filter(one -> now.log(one).knownLag() > 0)
            .filter(one -> looks.samples().stream().allMatch(look -> look.owner(one).isEmpty()))
            .filter(one -> looks.committedPerSecond(one).orElse(0) == 0)
            .sorted(Comparator.comparing(TopicPartition::toString))
            .toList();
    if (orphans.isEmpty()) {
      return;
    }
    long lag = orphans.stream().mapToLong(one -> now.log(one).lag()).sum();
    causes.add(
        new CauseBuilder("NOT_OWNED")
            .says("no member owns " + names(orphans) + ", where ")
            .says(Words.count(lag, "record") + " wait")
            .number("partitions", orphans.size())
            .number("lag", lag)
            .remedy(
                "subscribe to the topic again, or delete the group's offsets of it if nobody wants it"
                    + " any more"));
  }

  private void addIdle() {
    boolean nothing =
        looks.samples().stream()
            .allMatch(
                look ->
                    !look.isRebalancing()
                        && !look.members().isEmpty()
                        && look.members().stream().allMatch(one -> one.owns().isEmpty()));
    if (nothing && !looks.isFirst() && causes.isEmpty()) {
      causes.add(
          new CauseBuilder("NOTHING_ASSIGNED")
              .says(Words.count(now.members().size(), "member") + " are there and own no partition")
              .number("members", now.members().size())
              .remedy("check the names of the topics they subscribe to, and DESCRIBE on them"));
    }
  }

  private void addRebalances() {
    boolean still =
        !looks.isFirst()
            && looks.span().compareTo(Standstill.PATIENCE) >= 0
            && looks.samples().stream().allMatch(Sample::isRebalancing);
    Set<String> joined = new TreeSet<>();
    Set<String> left = new TreeSet<>();
    int changes = 0;
    for (int i = 1; i < looks.samples().size(); i++) {
      List<String> came = newcomers(looks.samples().get(i - 1), looks.samples().get(i));
      List<String> went = newcomers(looks.samples().get(i), looks.samples().get(i - 1));
      joined.addAll(came);
      left.addAll(went);
      changes += came.isEmpty() && went.isEmpty() ? 0 : 1;
    }
    if (!still && changes < CHURN) {
      return;
    }
    List<Member> holding = now.members().stream().filter(one -> !one.gives().isEmpty()).toList();
    CauseBuilder cause =
        new CauseBuilder("FROZEN_REBALANCES")
            .says("the group " + (still ? "has been " : "is ") + now.state())
            .says(still ? " for " + Words.time(looks.span()) : "")
            .says("; members changed between " + changes + " of the last ")
            .says(Words.count(looks.samples().size() - 1L, "look"))
            .says(joined.isEmpty() ? "" : "; joined: " + names(List.copyOf(joined), name -> name))
            .says(left.isEmpty() ? "" : "; left: " + names(List.copyOf(left), name -> name));
    if (!holding.isEmpty()) {
      cause.says(
          "; has not given up what it should yet: "
              + holding.stream()
                  .limit(GroupDiagnosis.MOST_OF_A_KIND)
                  .map(one -> one.name() + " (" + names(one.gives()) + ")")
                  .collect(Collectors.joining(", ")));
    }
    causes.add(
        cause
            .number("members", now.members().size())
            .number("changes", changes)
            .number("joined", joined.size())
            .number("left", left.size())
            .millis("within", looks.span())
            .remedy(
                "look at those that come and go: a crash loop, an autoscaler, too short a"
                    + " session.timeout.ms, or work that outlasts max.poll.interval.ms"));
  }

  /** Members of the one that the other does not have, by name. */
  private static List<String> newcomers(Sample without, Sample with) {
    Set<String> known = without.members().stream().map(Member::id).collect(Collectors.toSet());
    List<String> names = new ArrayList<>();
    with.members().stream()
        .filter(one -> !known.contains(one.id()))
        .forEach(one -> names.add(one.name()));
    return names;
  }
}
