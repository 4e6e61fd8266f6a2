package io.github.safeconsumer.sim.kafka;

import java.util.NavigableSet;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;

/** A member of a classic group, eager or cooperative. */
final class ClassicMembership extends Membership {
  private enum Phase {
    /** Has to join. */
    OUT,
    JOINING,
    SYNCING,
    STABLE
  }

  private final ClassicRequests requests;
  private Phase phase = Phase.OUT;
  private String member = "";
  private boolean fresh;
  private int generation = -1;
  private boolean leader;
  private boolean rejoin;

  /** The partitions were given up for the join that is under way. */
  private boolean prepared;

  private boolean beating;
  private @Nullable Answer<ClassicMember.Joined> joining;
  private @Nullable Answer<NavigableSet<TopicPartition>> syncing;

  /** A callback that threw is called again. */
  private @Nullable NavigableSet<TopicPartition> assignedAgain;

  private NavigableSet<TopicPartition> knownPartitions = Order.set();
  private long metadataReadAt;

  ClassicMembership(Core core) {
    super(core);
    this.requests = new ClassicRequests(core);
  }

  @Override
  void step() {
    if (!beating) {
      beating = true;
      core.process.background(core.settings.heartbeatNanos(), this::beat);
    }
    if (!core.coordinated()) {
      if (phase == Phase.JOINING || phase == Phase.SYNCING) {
        phase = Phase.OUT;
      }
      return;
    }
    switch (phase) {
      case OUT -> join();
      case JOINING -> joined();
      case SYNCING -> synced();
      case STABLE -> {
        if (assignedAgain != null) {
          tellAssigned(assignedAgain);
        }
        if (rejoin || topicsChanged()) {
          join();
        }
      }
    }
  }

  private void join() {
    if (!prepared) {
      prepared = true;
      prepare();
    }
    rejoin = false;
    if (member.isEmpty()) {
      member = core.cluster.newMemberId(core.settings.clientId());
      fresh = true;
    }
    ClassicMember.Join request =
        new ClassicMember.Join(
            core.id,
            member,
            fresh,
            topics(),
            core.partitions.names(),
            core.settings.cooperative(),
            core.settings.sessionNanos(),
            core.settings.maxPollIntervalNanos());
    Answer<ClassicMember.Joined> answer = new Answer<>(core.world, core.wire.travel());
    joining = answer;
    phase = Phase.JOINING;
    knownPartitions = core.cluster.partitionsOf(topics());
    metadataReadAt = core.world.nanos();
    requests.join(request, answer, clash -> fatal = clash);
  }

  /** What is owned is given up before a join: all of it (eager), or nothing (cooperative). */
  private void prepare() {
    NavigableSet<TopicPartition> owned = core.partitions.names();
    if (generation < 0) {
      try {
        if (!owned.isEmpty()) {
          lost(owned);
        }
      } finally {
        core.partitions.assign(Order.set());
      }
    } else if (!core.settings.cooperative()) {
      try {
        revoked(owned);
      } finally {
        core.partitions.assign(Order.set());
      }
    }
  }

  private void joined() {
    if (joining == null || !joining.arrived()) {
      return;
    }
    ClassicMember.Joined value = joining.value();
    if (failed(joining.error()) || value == null) {
      return;
    }
    member = value.member();
    fresh = false;
    generation = value.generation();
    leader = value.leader();
    phase = Phase.SYNCING;
    Answer<NavigableSet<TopicPartition>> answer = new Answer<>(core.world, core.wire.travel());
    syncing = answer;
    requests.sync(identity(), answer);
  }

  private void synced() {
    if (syncing == null || !syncing.arrived()) {
      return;
    }
    NavigableSet<TopicPartition> share = syncing.value();
    if (failed(syncing.error()) || share == null) {
      return;
    }
    phase = Phase.STABLE;
    prepared = false;
    NavigableSet<TopicPartition> owned = core.partitions.names();
    NavigableSet<TopicPartition> surplus = Order.minus(owned, share);
    if (!surplus.isEmpty()) {
      rejoin = true; // so that they can be given to another
      try {
        revoked(surplus);
      } finally {
        core.partitions.assign(Order.minus(owned, surplus));
      }
    }
    NavigableSet<TopicPartition> added = Order.minus(share, owned);
    core.partitions.assign(share);
    tellAssigned(added);
  }

  private void tellAssigned(NavigableSet<TopicPartition> added) {
    assignedAgain = Order.set(); // should it throw: by then nothing is new any more
    assigned(added);
    assignedAgain = null;
  }

  /** Deals with a join or sync that failed. */
  private boolean failed(GroupError error) {
    switch (error) {
      case NONE -> {
        return false;
      }
      case UNKNOWN_MEMBER, ILLEGAL_GENERATION -> forgetMembership();
      case FENCED_INSTANCE -> {
        forgetMembership();
        fatal = fenced();
        throw fatal;
      }
      default -> phase = Phase.OUT;
    }
    return true;
  }

  private static FencedInstanceIdException fenced() {
    return new FencedInstanceIdException("another member has the same group.instance.id");
  }

  private void forgetMembership() {
    phase = Phase.OUT;
    member = "";
    generation = -1;
    prepared = false;
    assignedAgain = null;
  }

  private boolean topicsChanged() {
    boolean missing =
        core.partitions.all().stream().anyMatch(o -> !core.cluster.exists(o.partition));
    if (!missing && core.world.nanos() - metadataReadAt < core.settings.metadataAgeNanos()) {
      return false;
    }
    metadataReadAt = core.world.nanos();
    NavigableSet<TopicPartition> before = knownPartitions;
    knownPartitions = core.cluster.partitionsOf(topics());
    return leader && !knownPartitions.equals(before);
  }

  // ---- background thread

  private void beat() {
    if (core.closed || fatal != null) {
      return;
    }
    if (phase == Phase.SYNCING || phase == Phase.STABLE) {
      if (pollLeft() < 0) {
        core.world.trace(core.id + " leaves: poll was not called in time");
        if (core.id.instance() == null) {
          requests.leave(member);
        }
        forgetMembership();
      } else {
        sendHeartbeat();
      }
    }
    core.process.background(
        Math.max(1_000_000, Math.min(core.settings.heartbeatNanos(), pollLeft() + 1)), this::beat);
  }

  private void sendHeartbeat() {
    Identity identity = identity();
    requests.heartbeat(identity, error -> heard(error, identity));
  }

  private void heard(GroupError error, Identity sentAs) {
    if (core.closed || !sentAs.equals(identity())) {
      return;
    }
    switch (error) {
      case REBALANCE_IN_PROGRESS -> rejoin |= phase == Phase.STABLE;
      case UNKNOWN_MEMBER, ILLEGAL_GENERATION -> forgetMembership();
      case FENCED_INSTANCE -> {
        forgetMembership();
        fatal = fenced();
      }
      default -> {}
    }
  }

  // ---- commits

  private Identity identity() {
    return new Identity(member, generation, core.id.instance());
  }

  @Override
  Identity commitsAs() {
    return switch (phase) {
      case STABLE -> identity();
      case JOINING, SYNCING ->
          throw new RebalanceInProgressException("the group shares out again: poll, then retry");
      case OUT -> throw new CommitFailedException("no member of the group any more");
    };
  }

  @Override
  @Nullable RuntimeException refused(GroupError error, Identity identity, boolean sync) {
    boolean asNow = identity.equals(identity());
    return switch (error) {
      case UNKNOWN_MEMBER, ILLEGAL_GENERATION -> {
        if (asNow) {
          forgetMembership();
          yield new CommitFailedException("the group gave the partitions to others");
        }
        yield new RebalanceInProgressException("the generation changed meanwhile");
      }
      case REBALANCE_IN_PROGRESS -> {
        rejoin = true;
        yield new RebalanceInProgressException("the group shares out again: poll, then retry");
      }
      case FENCED_INSTANCE -> fenced();
      default -> null;
    };
  }

  @Override
  void leave(Leaving leaving) {
    NavigableSet<TopicPartition> owned = core.partitions.names();
    try {
      if (!owned.isEmpty()) {
        if (phase == Phase.STABLE) {
          revoked(owned);
        } else {
          lost(owned);
        }
      }
    } finally {
      core.partitions.assign(Order.set());
      boolean leaves =
          leaving == Leaving.LEAVE || (leaving == Leaving.DEFAULT && core.id.instance() == null);
      if (leaves && !member.isEmpty()) {
        requests.leave(member);
      }
    }
  }

  @Override
  void abandon() {
    phase = Phase.OUT;
  }

  @Override
  int generation() {
    return generation;
  }

  @Override
  String member() {
    return member;
  }
}
