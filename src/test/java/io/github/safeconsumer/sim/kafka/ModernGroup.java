package io.github.safeconsumer.sim.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of a KIP-848 group. It has a target for every member and moves each towards it
 * with the answers to its heartbeats: first a member is told what to give up; when it says that it
 * did, its epoch rises and it gets what is free; what others still hold follows later. A member
 * that does not give up in its rebalance time-out is thrown out.
 */
final class ModernGroup extends SimGroup {
  static final int JOIN = 0;
  static final int LEAVE = -1;

  /** A static member leaves and means to come back. */
  static final int LEAVE_FOR_NOW = -2;

  /** A member's heartbeat. */
  record Beat(
      ClientId client,
      String member,
      int epoch,
      Set<String> topics,
      NavigableSet<TopicPartition> owned,
      long rebalanceNanos) {}

  /** The answer: what the member shall have now. */
  record Told(int epoch, NavigableSet<TopicPartition> share) {}

  private static final class Member {
    final String id;
    Beat said;
    int epoch;
    int epochBefore;
    long heardAt;
    boolean away;
    NavigableSet<TopicPartition> share = Order.set();
    NavigableSet<TopicPartition> revoking = Order.set();
    int revocation;

    Member(String id, Beat said) {
      this.id = id;
      this.said = said;
    }

    boolean holds(TopicPartition partition) {
      return share.contains(partition) || revoking.contains(partition);
    }
  }

  private final Map<String, Member> members = new LinkedHashMap<>();
  private Map<String, NavigableSet<TopicPartition>> target = new TreeMap<>();
  private NavigableSet<TopicPartition> known = Order.set();
  private int epoch;

  ModernGroup(SimCluster cluster, String name) {
    super(cluster, name);
  }

  @Override
  boolean isEmpty() {
    return members.isEmpty();
  }

  @Override
  List<String> members() {
    return members.values().stream().filter(m -> !m.away).map(m -> m.id).toList();
  }

  void heartbeat(Beat beat, Answer<Told> answer) {
    if (beat.epoch() == LEAVE || beat.epoch() == LEAVE_FOR_NOW) {
      leave(beat);
      answer.send(GroupError.NONE, null);
      return;
    }
    Member member = members.get(beat.member());
    if (beat.epoch() == JOIN) {
      Member holder = holderOf(beat.client().instance());
      if (holder != null && holder != member && !holder.away) {
        answer.send(GroupError.UNRELEASED_INSTANCE, null);
        return;
      }
      member = member != null ? member : add(beat, holder);
    } else {
      GroupError error = fences(beat, member);
      if (error != GroupError.NONE) {
        answer.send(error, null);
        return;
      }
    }
    boolean changed = !member.said.topics().equals(beat.topics());
    member.said = beat;
    member.heardAt = world.nanos();
    member.revoking.removeIf(partition -> !beat.owned().contains(partition));
    if (changed || !known.equals(cluster.partitionsOf(topics()))) {
      newTarget("topics changed");
    }
    moveOn(member);
    answer.send(GroupError.NONE, new Told(member.epoch, Order.set(member.share)));
  }

  private static GroupError fences(Beat beat, @Nullable Member member) {
    if (member == null) {
      return GroupError.UNKNOWN_MEMBER;
    }
    // The answer that raised the epoch may have been lost.
    boolean missedOne =
        beat.epoch() == member.epochBefore && member.share.containsAll(beat.owned());
    return beat.epoch() == member.epoch || missedOne ? GroupError.NONE : GroupError.FENCED_EPOCH;
  }

  private Member add(Beat beat, @Nullable Member holder) {
    Member member = new Member(beat.member(), beat);
    member.heardAt = world.nanos();
    members.put(member.id, member);
    cluster.watch().memberJoined(beat.client(), member.id);
    watchSession(member);
    if (holder == null) {
      newTarget(member.id + " joined");
    } else { // a static member is back: it gets what it had
      members.remove(holder.id);
      member.share = holder.share;
      member.epoch = holder.epoch;
      target.put(member.id, target.remove(holder.id));
    }
    return member;
  }

  private @Nullable Member holderOf(@Nullable String instance) {
    for (Member member : members.values()) {
      if (instance != null && instance.equals(member.said.client().instance())) {
        return member;
      }
    }
    return null;
  }

  private Set<String> topics() {
    Set<String> topics = new TreeSet<>();
    members.values().forEach(member -> topics.addAll(member.said.topics()));
    return topics;
  }

  private void newTarget(String why) {
    epoch++;
    NavigableMap<String, Set<String>> topics = new TreeMap<>();
    members.values().forEach(member -> topics.put(member.id, member.said.topics()));
    known = cluster.partitionsOf(topics());
    target = Sharing.sticky(known, topics, target);
    world.trace("group " + name + ": epoch " + epoch + ", " + why + ", target " + target);
  }

  /** One step of one member towards its target. */
  private void moveOn(Member member) {
    NavigableSet<TopicPartition> wanted = target.get(member.id);
    if (!member.revoking.isEmpty()) {
      return;
    }
    NavigableSet<TopicPartition> surplus = Order.minus(member.share, wanted);
    if (!surplus.isEmpty()) {
      member.share.removeAll(surplus);
      member.revoking = surplus;
      boundRevocation(member);
      return;
    }
    if (member.epoch != epoch) {
      member.epochBefore = member.epoch;
      member.epoch = epoch;
    }
    for (TopicPartition partition : wanted) {
      if (members.values().stream().noneMatch(other -> other.holds(partition))) {
        member.share.add(partition);
      }
    }
  }

  private void boundRevocation(Member member) {
    int thisOne = ++member.revocation;
    world.at(
        member.said.rebalanceNanos(),
        () -> {
          if (members.get(member.id) == member
              && member.revocation == thisOne
              && !member.revoking.isEmpty()) {
            expel(member, "gave up nothing in the rebalance time-out");
          }
        });
  }

  private void leave(Beat beat) {
    Member member = members.get(beat.member());
    if (member == null) {
      return;
    }
    cluster.watch().memberLeft(beat.client(), member.id);
    if (beat.epoch() == LEAVE_FOR_NOW) {
      member.away = true;
      member.heardAt = world.nanos();
      member.revoking.clear();
      return;
    }
    remove(member, "left");
  }

  private void remove(Member member, String why) {
    members.remove(member.id);
    target.remove(member.id);
    newTarget(member.id + " " + why);
  }

  @Override
  GroupError admits(Identity identity) {
    Member member = members.get(identity.member());
    if (identity.generation() < 0 && members.isEmpty()) {
      return GroupError.NONE; // DANGER: so an expelled member's commit succeeds in an empty group
    }
    if (member == null || member.away) {
      return GroupError.UNKNOWN_MEMBER;
    }
    return identity.generation() == member.epoch ? GroupError.NONE : GroupError.STALE_EPOCH;
  }

  @Override
  void rebalance() {
    if (members.size() < 2) {
      return;
    }
    // Members swap what they have.
    List<String> ids = new ArrayList<>(target.keySet());
    Map<String, NavigableSet<TopicPartition>> swapped = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      swapped.put(ids.get(i), target.get(ids.get((i + 1) % ids.size())));
    }
    target = swapped;
    newTarget("for no reason");
  }

  @Override
  void expel(ClientId client, String reason) {
    for (Member member : List.copyOf(members.values())) {
      if (member.said.client().equals(client)) {
        expel(member, reason);
      }
    }
  }

  private void expel(Member member, String reason) {
    cluster.watch().memberExpelled(member.said.client(), member.id, reason);
    remove(member, "expelled, " + reason);
  }

  private void watchSession(Member member) {
    long session = cluster.modernSession();
    world.at(
        Math.max(0, member.heardAt + session - world.nanos()),
        () -> {
          if (members.get(member.id) != member) {
            return;
          }
          if (world.nanos() - member.heardAt >= session) {
            expel(member, "its session timed out");
          } else {
            watchSession(member);
          }
        });
  }
}
