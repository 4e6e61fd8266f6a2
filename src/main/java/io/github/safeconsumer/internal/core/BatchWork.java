package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.internal.core.OwnedPartition.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The workers' side of one ownership where records are handed out in batches; the rest of it is
 * {@link PartitionWork}. Everything here runs inside the lock of the {@link OwnedPartition}.
 */
public final class BatchWork {
  private final OwnedPartition owner;
  private final Lanes lanes;
  private final Share share;
  private final PartitionWork work;
  private final @Nullable Linger linger;

  BatchWork(
      OwnedPartition owner, Lanes lanes, Share share, PartitionWork work, @Nullable Linger linger) {
    this.owner = owner;
    this.lanes = lanes;
    this.share = share;
    this.work = work;
    this.linger = linger;
  }

  /** The handler took so long for a batch of so many records. */
  public void observed(long nanos, int records, long nowNanos) {
    synchronized (owner) {
      share.observed(nanos / records, records, nowNanos);
    }
  }

  /**
   * Starts a batch, if one is due. A record that failed before, alone or with others, is a batch of
   * its own.
   *
   * @return for each lane its records of the batch, in order; empty when none is due
   */
  public List<List<Attempt>> begin(int most, long nowNanos) {
    synchronized (owner) {
      int era = owner.breakerEra(); // before the gate is looked at
      owner.admit(false);
      List<List<Attempt>> parts = new ArrayList<>();
      int room =
          work.probe().isProbing()
              ? 1
              : work.isDue(nowNanos) ? Math.min(most, share.batchSize()) : 0;
      int size = owner.admission().takeStarts(share, room, nowNanos);
      int left = size;
      while (left > 0) {
        Lane lane = work.take();
        if (lane == null) {
          break;
        }
        if (lane.isAlone() && left < size) {
          lanes.release(lane, true);
          break;
        }
        boolean alone = lane.isAlone();
        List<Attempt> part = part(lane, alone ? 1 : left, nowNanos, era);
        parts.add(part);
        left -= part.size();
        if (alone) {
          break;
        }
      }
      owner.admission().returnStarts(left);
      if (left < size) {
        owner.admission().started(share);
        if (linger != null) {
          linger.handedOut();
        }
      }
      return parts;
    }
  }

  private List<Attempt> part(Lane lane, int most, long nowNanos, int era) {
    List<Attempt> part = new ArrayList<>();
    for (OpenRecord record = lane.head();
        record != null && part.size() < most && record.offset() < owner.leaseEnd();
        record = record.next) {
      if (!part.isEmpty() && (record.inherited != null || !owner.mayRun(record, null))) {
        break; // it failed under an earlier owner, or has to be run by itself
      }
      Attempt attempt =
          work.attempt(lane, record, part.isEmpty() ? lane.history : null, nowNanos, era);
      work.attempts().add(attempt);
      part.add(attempt);
    }
    lane.running = part.get(0);
    return part;
  }

  /**
   * The next record of a batch's lane is looked at, its predecessor being done. False when stale.
   */
  public boolean goOn(Attempt next) {
    synchronized (owner) {
      Lane lane = next.lane();
      if (owner.stage() == Stage.ENDED
          || lane.phase() != Lane.Phase.RUNNING
          || lane.running != null
          || !next.isOf(lane.head())) {
        work.attempts().remove(next);
        return false;
      }
      lane.running = next;
      return true;
    }
  }

  /**
   * Records of a batch's lane come again, as if they had not been started.
   *
   * @param alone whether each of them has to be run alone
   */
  public void sendBack(List<Attempt> rest, boolean alone) {
    synchronized (owner) {
      rest.forEach(work.attempts()::remove);
      if (rest.isEmpty() || owner.stage() == Stage.ENDED) {
        return;
      }
      Lane lane = rest.get(0).lane();
      if (alone) {
        lane.alone = Math.max(lane.alone, rest.size());
      }
      if (lane.running == rest.get(0)) {
        lane.running = null;
      }
      work.giveBack(lane);
    }
  }
}
