package io.github.safeconsumer.internal.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The side of a partition that deals with records under suspicion of having killed a process.
 *
 * <p>Concurrency: its partition's lock, around every method.
 */
public final class PartitionSuspects {
  private final OwnedPartition owner;
  private final Lanes lanes;
  private final SoloRun solo;
  private volatile long heldOffset = -1;
  private boolean exclusive;
  private @Nullable Lane named;
  private @Nullable OpenRecord namedRecord;

  PartitionSuspects(OwnedPartition owner, Lanes lanes, Solitude solitude) {
    this.owner = owner;
    this.lanes = lanes;
    this.solo = new SoloRun(owner, solitude);
  }

  /**
   * The loop's step: goes on with running suspects one by one, where that is called for.
   *
   * @return whether a further step will be due soon
   */
  public boolean step(long nowNanos) {
    if (!isSolo() && !solo.isUnderWay()) {
      return false;
    }
    solo.step(nowNanos);
    return solo.isUnderWay();
  }

  /** Whether it goes on once a commit is confirmed. Asked by the loop. */
  public boolean awaitsCommit() {
    return solo.isUnderWay() ? !isConfirmed() : isCareful() && owner.isCommitUrgent();
  }

  private boolean isCareful() {
    Caution caution = owner.caution();
    return caution != null && caution.mode() == Caution.Mode.CAREFUL;
  }

  private boolean isSolo() {
    Caution caution = owner.caution();
    return caution != null && caution.isSolo();
  }

  /** From now on no record of the partition starts but a named one; or that is over. */
  void exclusive(boolean from) {
    synchronized (owner) {
      exclusive = from;
      if (!from) {
        lanes.leaseRenewed(); // what waited for it
      }
    }
  }

  boolean isExclusive() {
    return exclusive;
  }

  /** Whether nothing of the partition itself runs. */
  boolean isQuiet() {
    return owner.work().runningCount() == 0;
  }

  /** Whether the next commit names it, or one that was sent. */
  boolean isNamed(OpenRecord record) {
    return namedRecord == record;
  }

  /** Too many were convicted already: nothing starts, until an operator says what to do with it. */
  public void hold(long offset) {
    heldOffset = offset;
  }

  /** The record for which the whole partition waits for an operator; -1 for none. */
  public long heldOffset() {
    return heldOffset;
  }

  /**
   * An operator decided on the held record.
   *
   * @param convicted whether it becomes a dead letter; else it is tried again, as if nobody died
   * @return false where it is not held
   */
  public boolean decide(long offset, boolean convicted) {
    synchronized (owner) {
      if (heldOffset < 0 || heldOffset != offset || owner.isEnded()) {
        return false;
      }
      owner.decided(offset, convicted);
      heldOffset = -1;
      return true;
    }
  }

  /**
   * These records' handler is ending the process. Nobody waits for them, and the next owner is
   * told.
   */
  public void ended(List<Attempt> attempts, long nowSeconds) {
    synchronized (owner) {
      for (Attempt attempt : attempts) {
        attempt.cancel();
        owner.work().forget(attempt);
      }
      owner.blamed(
          attempts.stream().map(attempt -> attempt.record().offset()).toList(), nowSeconds);
    }
  }

  // ---- for the solo run

  /** The lowest record that could start, be it as a probe of the breaker; -1 for none. */
  long candidate(long nowNanos) {
    synchronized (owner) {
      Lane lane = isSolo() && owner.mayStartOrProbe(nowNanos) ? lanes.lowestStartable() : null;
      OpenRecord head = lane == null ? null : lane.head();
      Caution caution = owner.caution();
      return head == null || caution == null || head.offset() >= caution.suspectsEnd()
          ? -1
          : head.offset();
    }
  }

  /** The next commit names this record and lets it start. */
  void name(long offset, boolean nothingElseRuns) {
    synchronized (owner) {
      Lane lane = lanes.lowestStartable();
      if (lane != null && lane.head() != null && lane.head().offset() == offset) {
        named = lane;
        namedRecord = lane.head();
      }
      owner.name(offset, nothingElseRuns);
    }
  }

  void nameNone() {
    synchronized (owner) {
      named = null;
      namedRecord = null;
      owner.nameNone();
    }
  }

  /** Whether the record runs, or can start as soon as it is confirmed that it may. */
  boolean isUnderWay(long offset, long nowNanos) {
    synchronized (owner) {
      Lane lane = named;
      OpenRecord record = namedRecord;
      if (lane == null || record == null || record.offset() != offset || lane.head() != record) {
        return false;
      }
      return lane.phase() == Lane.Phase.RUNNING
          || (lane.phase() == Lane.Phase.READY
              && (owner.mayStartOrProbe(nowNanos) || owner.probe().isProbing(lane)));
    }
  }

  /** Whether a dead letter of the partition is under way. */
  boolean isSending() {
    synchronized (owner) {
      return lanes.in(Lane.Phase.SENDING) > 0;
    }
  }

  /** Whether a commit that says what was said last is confirmed. */
  boolean isConfirmed() {
    return owner.isUrgentConfirmed(); // not: the lease; the other suspects wait for it all along
  }
}
