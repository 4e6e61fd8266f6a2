package io.github.safeconsumer.sim.kafka;

import java.util.NavigableSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.jspecify.annotations.Nullable;

/**
 * A member of a KIP-848 group. The background thread hears what the member shall have; poll
 * reconciles what it has with it: gives up, takes over, and the next heartbeat tells the group.
 */
final class ModernMembership extends Membership {
  private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(500);

  private enum State {
    NEW,
    JOINING,
    MEMBER,
    /** The group does not know it any more: what it has is lost. */
    FENCED,
    /** It left since poll was not called in time. */
    STALE
  }

  private final String member;
  private State state = State.NEW;
  private int epoch;
  private int lastEpoch = -1;

  /** Rises whenever what was heard before does not count any more. */
  private int life;

  /** What the group wants it to have. */
  private @Nullable NavigableSet<TopicPartition> target;

  private @Nullable NavigableSet<TopicPartition> reconciled;
  private boolean asking;
  private int beats;

  ModernMembership(Core core) {
    super(core);
    this.member = core.cluster.newMemberId(core.settings.clientId());
  }

  @Override
  void step() {
    switch (state) {
      case NEW -> {
        state = State.JOINING;
        beatAfter(0);
      }
      case FENCED, STALE -> {
        NavigableSet<TopicPartition> owned = core.partitions.names();
        try {
          if (!owned.isEmpty()) {
            lost(owned);
          }
        } finally {
          core.partitions.assign(Order.set());
          target = null;
          reconciled = null;
          epoch = ModernGroup.JOIN;
          state = State.JOINING;
          beatAfter(0);
        }
      }
      case MEMBER -> {
        if (target != null && !target.equals(reconciled)) {
          reconcile(target);
        }
      }
      case JOINING -> {}
    }
  }

  private void reconcile(NavigableSet<TopicPartition> wanted) {
    int started = life;
    NavigableSet<TopicPartition> owned = core.partitions.names();
    NavigableSet<TopicPartition> surplus = Order.minus(owned, wanted);
    NavigableSet<TopicPartition> added = Order.minus(wanted, owned);
    if (!surplus.isEmpty()) {
      revoked(surplus);
    }
    if (started != life) {
      return; // fenced meanwhile: all of it is lost
    }
    core.partitions.assign(wanted);
    assigned(added); // should it throw: it is called again, but nothing is new any more
    if (started == life) {
      reconciled = wanted;
      beatAfter(0);
    }
  }

  // ---- background thread

  private void beatAfter(long nanos) {
    int number = ++beats;
    core.process.background(
        nanos,
        () -> {
          if (number == beats && !core.closed && fatal == null) {
            beat();
          }
        });
  }

  private void beat() {
    beatAfter(Math.max(1_000_000, Math.min(core.cluster.modernHeartbeat(), pollLeft() + 1)));
    if (state != State.JOINING && state != State.MEMBER) {
      return;
    }
    if (pollLeft() < 0) {
      core.world.trace(core.id + " leaves: poll was not called in time");
      sendLeave();
      life++;
      epoch = -1;
      state = State.STALE;
    } else if (!asking) {
      ask();
    }
  }

  private void ask() {
    asking = true;
    int sentIn = life;
    ModernGroup.Beat beat = beatOf(epoch);
    Answer<ModernGroup.Told> answer = new Answer<>(core.world, 0);
    core.wire.send(
        0,
        core::coordinated,
        reachable -> {
          ModernGroup group = reachable ? core.cluster.modernGroup(core.id.group()) : null;
          if (!reachable || core.closed) {
            answer.send(GroupError.UNREACHABLE, null);
          } else if (group == null) {
            fatal = new InconsistentGroupProtocolException("the group speaks the other protocol");
          } else {
            group.heartbeat(beat, answer);
          }
          core.wire.answer(
              () -> {
                asking = false;
                if (sentIn == life) {
                  heard(answer, beat);
                }
              });
        });
  }

  private ModernGroup.Beat beatOf(int as) {
    return new ModernGroup.Beat(
        core.id,
        member,
        as,
        topics(),
        core.partitions.names(),
        core.settings.maxPollIntervalNanos());
  }

  private void heard(Answer<ModernGroup.Told> answer, ModernGroup.Beat beat) {
    switch (answer.error()) {
      case NONE -> {
        ModernGroup.Told told = answer.value();
        if (told == null) {
          return;
        }
        epoch = told.epoch();
        lastEpoch = epoch;
        state = State.MEMBER;
        target = told.share();
        // What was given up while this heartbeat was under way has to be told yet.
        if (!beat.owned().equals(core.partitions.names())) {
          beatAfter(0);
        }
      }
      case UNREACHABLE -> beatAfter(RETRY);
      case UNRELEASED_INSTANCE ->
          fatal = new UnreleasedInstanceIdException("another member has the same instance id");
      default -> {
        core.world.trace(core.id + " hears that it is no member: " + answer.error());
        life++;
        epoch = -1;
        state = State.FENCED;
      }
    }
  }

  private void sendLeave() {
    ModernGroup.Beat beat =
        beatOf(core.id.instance() == null ? ModernGroup.LEAVE : ModernGroup.LEAVE_FOR_NOW);
    send(beat);
  }

  private void send(ModernGroup.Beat beat) {
    core.wire.send(
        0,
        core::coordinated,
        reachable -> {
          if (reachable && core.cluster.group(core.id.group()) instanceof ModernGroup group) {
            group.heartbeat(beat, new Answer<>(core.world, 0));
          }
        });
  }

  // ---- commits

  @Override
  Identity commitsAs() {
    return new Identity(member, epoch > 0 ? epoch : -1, core.id.instance());
  }

  @Override
  @Nullable RuntimeException refused(GroupError error, Identity identity, boolean sync) {
    return switch (error) {
      case UNREACHABLE, UNKNOWN_TOPIC -> null;
      case STALE_EPOCH ->
          sync && epoch > 0 ? null : new CommitFailedException("the member's epoch is another one");
      default -> new CommitFailedException("no member of the group any more");
    };
  }

  @Override
  void leave(Leaving leaving) {
    NavigableSet<TopicPartition> owned = core.partitions.names();
    try {
      if (!owned.isEmpty()) {
        if (epoch > 0) {
          revoked(owned);
        } else {
          lost(owned);
        }
      }
    } finally {
      core.partitions.assign(Order.set());
      if (state == State.MEMBER || state == State.JOINING) {
        boolean isStatic = core.id.instance() != null;
        if (leaving == Leaving.LEAVE) {
          send(beatOf(ModernGroup.LEAVE));
        } else if (!isStatic || leaving == Leaving.DEFAULT) {
          sendLeave();
        }
        life++;
        state = State.STALE;
      }
    }
  }

  @Override
  void abandon() {
    life++;
    state = State.STALE;
  }

  @Override
  int generation() {
    return lastEpoch;
  }

  @Override
  String member() {
    return member;
  }
}
