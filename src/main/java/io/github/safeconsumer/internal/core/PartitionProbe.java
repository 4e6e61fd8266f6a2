package io.github.safeconsumer.internal.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The side of a partition that deals with the probe of the consumer's breaker: the one record that
 * passes the closed gate. Everything here runs inside the lock of the {@link OwnedPartition}.
 */
public final class PartitionProbe {
  private final OwnedPartition owner;
  private final Lanes lanes;
  private final PartitionWork work;
  private @Nullable Probe granted;

  PartitionProbe(OwnedPartition owner, Lanes lanes, PartitionWork work) {
    this.owner = owner;
    this.lanes = lanes;
    this.work = work;
  }

  /** Whether one was granted that has not begun. */
  boolean isGranted() {
    return granted != null;
  }

  /** The lane whose head is to start as the probe; null while nothing is to. */
  @Nullable Lane lane() {
    Probe asked = granted;
    return asked != null && owner.letsProbe(asked) ? asked.lane() : null;
  }

  /** This attempt begins: it is the probe, or there is none any more. */
  void begun(Attempt attempt, OpenRecord record) {
    Probe asked = granted;
    if (asked != null && asked.isFor(attempt.lane(), record)) {
      asked.begun(attempt);
      attempt.probe = asked;
    }
    granted = null;
  }

  /** Whether a record is to start as the probe, and nothing but the breaker keeps it back. */
  boolean isProbing() {
    return lane() != null;
  }

  /** Whether it is the head of this lane. */
  boolean isProbing(Lane of) {
    return lane() == of;
  }

  /**
   * Which record could be the probe: those that are READY before those that wait for their
   * back-off, see {@link Probe#BEST_FIRST}. By the loop.
   *
   * @param best how many are asked for
   */
  public List<Probe.Candidate> candidates(int best, long nowNanos) {
    synchronized (owner) {
      if (!owner.mayProbe()) {
        return List.of();
      }
      boolean room = work.hasRoom();
      List<Probe.Candidate> found = lanes.candidates(owner.leaseEnd(), room, nowNanos);
      if (found.stream().allMatch(one -> one.waiting() || one.failedProbes() > 0)) {
        owner.admitAnother();
        found = lanes.candidates(owner.leaseEnd(), room, nowNanos);
      }
      found.sort(Probe.BEST_FIRST);
      return List.copyOf(found.subList(0, Math.min(best, found.size())));
    }
  }

  /** This record is to start as the probe. False when it cannot any more. By the loop. */
  public boolean grant(Probe probe, boolean fromWaiting) {
    synchronized (owner) {
      Lane lane = probe.lane();
      OpenRecord head = lane.head();
      if (!owner.mayProbe() || head == null || !probe.isFor(lane, head)) {
        return false;
      }
      if (fromWaiting && lane.phase() == Lane.Phase.WAITING) {
        lanes.makeReady(lane, true);
      }
      if (lane.phase() != Lane.Phase.READY || !lane.queued) {
        return false;
      }
      granted = probe;
      return true;
    }
  }

  /**
   * Whether this probe can still come to something: it is about to start, or it runs. Otherwise it
   * never will, and its permit has to go back.
   */
  public boolean isUnderWay(Probe probe) {
    synchronized (owner) {
      Attempt attempt = probe.attempt();
      if (attempt != null) {
        return work.isCurrent(attempt) && !attempt.cancelled(); // left is not booked yet
      }
      if (probe == granted && isProbing() && probe.lane().phase() == Lane.Phase.READY) {
        return true;
      }
      if (probe == granted) {
        granted = null;
      }
      return false;
    }
  }
}
