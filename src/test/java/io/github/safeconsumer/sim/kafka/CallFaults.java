package io.github.safeconsumer.sim.kafka;

import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;

/** What goes wrong at the calls of one consumer. */
final class CallFaults {
  private static final long QUICK_CREATE = 2_000_000;

  /** Calls that talk to somebody; the others only read the client's own state. */
  private static final Set<String> TALKING =
      Set.of(
          "subscribe",
          "poll",
          "commitSync",
          "commitAsync",
          "committed",
          "position",
          "seek",
          "pause",
          "resume",
          "currentLag",
          "beginningOffsets",
          "endOffsets",
          "offsetsForTimes");

  private static final Set<String> WAKEABLE = Set.of("poll", "commitSync", "committed", "position");

  private final Core core;

  CallFaults(Core core) {
    this.core = core;
  }

  /** In the constructor. */
  void creating() {
    core.wire.pass(QUICK_CREATE + core.wire.travel());
    if (core.faults.strikes(FaultKind.CREATE_SLOW, core.id + " constructor")) {
      core.wire.pass(core.faults.lasts(FaultKind.CREATE_SLOW));
    }
    if (core.faults.strikes(FaultKind.CREATE_THROWS, core.id + " constructor")) {
      throw new KafkaException("Failed to construct kafka consumer");
    }
  }

  /** Before a call did anything. */
  void before(String call) {
    if (!TALKING.contains(call)) {
      return;
    }
    String where = core.id + " " + call;
    aroundIt(where);
    if (core.faults.strikes(FaultKind.CALL_RETRIABLE, where)) {
      throw core.world.nextLong(2) == 0
          ? new TimeoutException("injected at " + call)
          : new DisconnectException("injected at " + call);
    }
    if (core.faults.strikes(FaultKind.CALL_FATAL, where)) {
      throw new KafkaException("injected at " + call);
    }
    if (core.faults.strikes(FaultKind.CALL_UNAUTHORIZED, where)) {
      throw new TopicAuthorizationException("injected at " + call);
    }
    if (core.faults.strikes(FaultKind.CALL_INTERRUPTED, where)) {
      throw new InterruptException("injected at " + call);
    }
    if (WAKEABLE.contains(call) && core.faults.strikes(FaultKind.CALL_WAKEUP, where)) {
      throw new WakeupException();
    }
  }

  /** What happens to the cluster and the group at that moment. */
  private void aroundIt(String where) {
    if (core.faults.strikes(FaultKind.BROKER_OUTAGE, where)) {
      core.cluster.outage(core.faults.lasts(FaultKind.BROKER_OUTAGE));
    }
    if (core.faults.strikes(FaultKind.COORDINATOR_MOVED, where)) {
      core.cluster.moveCoordinator(core.id.group(), core.faults.lasts(FaultKind.COORDINATOR_MOVED));
    }
    if (core.faults.strikes(FaultKind.REBALANCE, where)) {
      core.cluster.rebalance(core.id.group());
    }
    if (core.faults.strikes(FaultKind.EVICTION, where)) {
      core.cluster.expel(core.id, "fault");
    }
  }

  /** A poll that takes its time before it does anything. */
  void insidePoll() {
    if (core.faults.strikes(FaultKind.POLL_SLOW, core.id + " poll")) {
      core.wire.pass(core.faults.lasts(FaultKind.POLL_SLOW));
    }
  }

  /** True when close used up its bound and did nothing. */
  boolean closeHangs(long boundNanos) {
    aroundIt(core.id + " close");
    if (core.faults.strikes(FaultKind.CLOSE_HANGS, core.id + " close")) {
      core.wire.pass(boundNanos);
      return true;
    }
    if (core.faults.strikes(FaultKind.CLOSE_SLOW, core.id + " close")) {
      core.wire.pass(Math.min(boundNanos, core.faults.lasts(FaultKind.CLOSE_SLOW)));
    }
    return false;
  }

  /** At the end of close. */
  void closing() {
    if (core.faults.strikes(FaultKind.CLOSE_THROWS, core.id + " close")) {
      throw new KafkaException("Failed to close kafka consumer");
    }
  }
}
