package io.github.safeconsumer.sim.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of a classic group. A rebalance: everybody joins again (or is thrown out when the
 * rebalance time-out ends), the generation rises, the leader's sync brings the plan into force, the
 * others fetch their share with theirs.
 *
 * <p>The plan is made here and not by the leader; it comes into force when the leader syncs.
 */
final class ClassicGroup extends SimGroup {
  enum Stage {
    EMPTY,
    /** Waits for members to join. */
    PREPARING,
    /** All joined; waits for the leader's plan. */
    COMPLETING,
    STABLE
  }

  private final Map<String, ClassicMember> members = new LinkedHashMap<>();
  private final Map<String, String> instances = new TreeMap<>();
  private Map<String, NavigableSet<TopicPartition>> plan = new TreeMap<>();
  private Stage stage = Stage.EMPTY;
  private int generation;
  private int round;
  private String leader = "";

  ClassicGroup(SimCluster cluster, String name) {
    super(cluster, name);
  }

  @Override
  boolean isEmpty() {
    return members.isEmpty();
  }

  @Override
  List<String> members() {
    return new ArrayList<>(members.keySet());
  }

  void join(ClassicMember.Join request, Answer<ClassicMember.Joined> answer) {
    String instance = request.client().instance();
    String holder = instance == null ? null : instances.get(instance);
    ClassicMember member;
    if (request.fresh() && !members.containsKey(request.member())) {
      member = holder == null ? add(request) : replace(holder, request);
      if (holder != null && stage == Stage.STABLE && sameTopics(member, request)) {
        member.said = request; // a static member is back: nobody else notices
        answer.send(GroupError.NONE, new ClassicMember.Joined(member.id, generation, false));
        return;
      }
    } else {
      GroupError error = known(request.member(), instance);
      if (error != GroupError.NONE) {
        answer.send(error, null);
        return;
      }
      member = members.get(request.member());
      if (nothingNew(member, request)) {
        answer.send(GroupError.NONE, new ClassicMember.Joined(member.id, generation, false));
        return;
      }
    }
    member.said = request;
    member.joining = answer;
    if (stage == Stage.PREPARING) {
      completeIfAllJoined();
    } else {
      prepare("join of " + member.id);
    }
  }

  private ClassicMember add(ClassicMember.Join request) {
    ClassicMember member = new ClassicMember(request.member(), request);
    members.put(member.id, member);
    if (request.client().instance() != null) {
      instances.put(request.client().instance(), member.id);
    }
    heard(member);
    watchSession(member);
    cluster.watch().memberJoined(request.client(), member.id);
    return member;
  }

  /** A second member with the same instance id takes the place of the first, which is fenced. */
  private ClassicMember replace(String holder, ClassicMember.Join request) {
    ClassicMember old = members.remove(holder);
    fail(old, GroupError.FENCED_INSTANCE);
    cluster.watch().memberExpelled(old.said.client(), old.id, "its instance id was taken over");
    ClassicMember member = add(request);
    member.said = old.said;
    member.share = old.share;
    NavigableSet<TopicPartition> planned = plan.remove(holder);
    if (planned != null) {
      plan.put(member.id, planned);
    }
    if (leader.equals(holder)) {
      leader = member.id;
    }
    return member;
  }

  private boolean sameTopics(ClassicMember member, ClassicMember.Join request) {
    return member.said.topics().equals(request.topics());
  }

  /** Joins again though nothing changed, as after a sync that failed. */
  private boolean nothingNew(ClassicMember member, ClassicMember.Join request) {
    return (stage == Stage.STABLE || stage == Stage.COMPLETING)
        && !member.id.equals(leader)
        && sameTopics(member, request)
        && (!request.cooperative() || member.said.owned().equals(request.owned()));
  }

  private void prepare(String why) {
    for (ClassicMember member : members.values()) {
      if (member.syncing != null) {
        member.syncing.send(GroupError.REBALANCE_IN_PROGRESS, null);
        member.syncing = null;
      }
    }
    stage = Stage.PREPARING;
    int thisRound = ++round;
    world.trace("group " + name + ": rebalance, " + why);
    long longest =
        members.values().stream().mapToLong(m -> m.said.rebalanceNanos()).max().orElse(0);
    world.at(
        longest,
        () -> {
          if (stage == Stage.PREPARING && round == thisRound) {
            complete();
          }
        });
    completeIfAllJoined();
  }

  private void completeIfAllJoined() {
    if (members.values().stream().allMatch(ClassicMember::hasJoined)) {
      complete();
    }
  }

  private void complete() {
    for (ClassicMember member : List.copyOf(members.values())) {
      if (!member.hasJoined() && member.said.client().instance() == null) {
        forget(member);
        cluster.watch().memberExpelled(member.said.client(), member.id, "did not join in time");
      }
    }
    generation++;
    round++;
    if (members.isEmpty()) {
      stage = Stage.EMPTY;
      return;
    }
    stage = Stage.COMPLETING;
    if (!members.containsKey(leader) || !members.get(leader).hasJoined()) {
      leader =
          members.values().stream()
              .filter(ClassicMember::hasJoined)
              .findFirst()
              .map(m -> m.id)
              .orElse("");
    }
    plan = ClassicMember.share(cluster, members.values());
    world.trace("group " + name + ": generation " + generation + " " + plan);
    for (ClassicMember member : members.values()) {
      heard(member);
      if (member.joining != null) {
        member.joining.send(
            GroupError.NONE,
            new ClassicMember.Joined(member.id, generation, member.id.equals(leader)));
        member.joining = null;
      }
    }
  }

  void sync(Identity who, Answer<NavigableSet<TopicPartition>> answer) {
    GroupError error = current(who);
    if (error == GroupError.NONE && stage == Stage.PREPARING) {
      error = GroupError.REBALANCE_IN_PROGRESS;
    }
    if (error != GroupError.NONE) {
      answer.send(error, null);
      return;
    }
    ClassicMember member = members.get(who.member());
    heard(member);
    if (stage == Stage.STABLE) {
      answer.send(GroupError.NONE, member.share);
      return;
    }
    member.syncing = answer;
    if (member.id.equals(leader)) {
      stage = Stage.STABLE;
      for (ClassicMember each : members.values()) {
        each.share = plan.getOrDefault(each.id, Order.set());
        if (each.syncing != null) {
          each.syncing.send(GroupError.NONE, each.share);
          each.syncing = null;
          heard(each);
        }
      }
    }
  }

  GroupError heartbeat(Identity who) {
    GroupError error = current(who);
    if (error != GroupError.NONE) {
      return error;
    }
    heard(members.get(who.member()));
    return stage == Stage.PREPARING ? GroupError.REBALANCE_IN_PROGRESS : GroupError.NONE;
  }

  void leave(String id) {
    ClassicMember member = members.get(id);
    if (member != null) {
      forget(member);
      cluster.watch().memberLeft(member.said.client(), id);
      goOnWithout(member);
    }
  }

  @Override
  GroupError admits(Identity identity) {
    if (members.isEmpty()) {
      return outsider(identity);
    }
    GroupError error = current(identity);
    if (error != GroupError.NONE) {
      return error;
    }
    heard(members.get(identity.member()));
    return stage == Stage.COMPLETING ? GroupError.REBALANCE_IN_PROGRESS : GroupError.NONE;
  }

  @Override
  void rebalance() {
    if (stage == Stage.STABLE || stage == Stage.COMPLETING) {
      prepare("for no reason");
    }
  }

  @Override
  void expel(ClientId client, String reason) {
    for (ClassicMember member : List.copyOf(members.values())) {
      if (member.said.client().equals(client)) {
        expel(member, reason);
      }
    }
  }

  private void expel(ClassicMember member, String reason) {
    forget(member);
    fail(member, GroupError.UNKNOWN_MEMBER);
    world.trace("group " + name + ": expelled " + member.id + ", " + reason);
    cluster.watch().memberExpelled(member.said.client(), member.id, reason);
    goOnWithout(member);
  }

  private void goOnWithout(ClassicMember gone) {
    if (stage == Stage.PREPARING) {
      completeIfAllJoined();
    } else {
      prepare(gone.id + " is gone");
    }
  }

  private void forget(ClassicMember member) {
    members.remove(member.id);
    instances.values().remove(member.id);
  }

  private static void fail(ClassicMember member, GroupError error) {
    if (member.joining != null) {
      member.joining.send(error, null);
    }
    if (member.syncing != null) {
      member.syncing.send(error, null);
    }
  }

  private GroupError current(Identity who) {
    GroupError error = known(who.member(), who.instance());
    return error == GroupError.NONE && who.generation() != generation
        ? GroupError.ILLEGAL_GENERATION
        : error;
  }

  private GroupError known(String id, @Nullable String instance) {
    if (instance != null
        && instances.containsKey(instance)
        && !instances.get(instance).equals(id)) {
      return GroupError.FENCED_INSTANCE;
    }
    return members.containsKey(id) ? GroupError.NONE : GroupError.UNKNOWN_MEMBER;
  }

  private void heard(ClassicMember member) {
    member.heardAt = world.nanos();
  }

  /** A member that waits for the others to join need not be heard of. */
  private void watchSession(ClassicMember member) {
    long left =
        member.hasJoined()
            ? member.said.sessionNanos()
            : member.heardAt + member.said.sessionNanos() - world.nanos();
    world.at(
        Math.max(0, left),
        () -> {
          if (members.get(member.id) != member) {
            return;
          }
          if (!member.hasJoined() && world.nanos() - member.heardAt >= member.said.sessionNanos()) {
            expel(member, "its session timed out");
          } else {
            watchSession(member);
          }
        });
  }
}
