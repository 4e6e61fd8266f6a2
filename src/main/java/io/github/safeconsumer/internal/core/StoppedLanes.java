package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.internal.core.OwnedPartition.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Lanes whose head holds them and does not run: it waits for its back-off, for the acknowledgement
 * of its dead letter, or for an operator. Everything here runs inside the lock of the {@link
 * OwnedPartition}.
 */
public final class StoppedLanes {
  private final OwnedPartition owner;
  private final Lanes lanes;
  private final PartitionWork work;

  StoppedLanes(OwnedPartition owner, Lanes lanes, PartitionWork work) {
    this.owner = owner;
    this.lanes = lanes;
    this.work = work;
  }

  // ---- the way out of it

  /** Moves a lane that nobody runs. False when the ownership is over or the lane is elsewhere. */
  public boolean shift(Lane of, Lane.Phase from, Lane.Phase to) {
    synchronized (owner) {
      if (owner.stage() == Stage.ENDED || of.phase() != from) {
        return false;
      }
      if (to == Lane.Phase.READY) {
        lanes.makeReady(of, true); // the oldest: it holds the watermark
        work.settle();
      } else {
        lanes.move(of, to);
      }
      return true;
    }
  }

  /**
   * The dead letter of a SENDING lane's head was acknowledged: the record is done, the lane is
   * free.
   *
   * @return false when the ownership is over: the next owner buries the record again, with the same
   *     id
   */
  public boolean buried(Lane of) {
    synchronized (owner) {
      if (owner.stage() == Stage.ENDED || of.phase() != Lane.Phase.SENDING) {
        return false;
      }
      work.completeHead(of);
      lanes.release(of, true);
      work.settle();
      return true;
    }
  }

  /** What was charged to the record that waits at the head of this lane is not any more. */
  public void refund(Charge charge) {
    synchronized (owner) {
      Lane lane = charge.lane();
      FailureHistory history = lane == null ? null : lane.history;
      if (lane == null
          || history == null
          || owner.stage() == Stage.ENDED
          || (lane.phase() != Lane.Phase.READY && lane.phase() != Lane.Phase.WAITING)) {
        return; // or it runs: then whoever has it finds out
      }
      if (history.refund(charge)) {
        history.book();
        owner.booked(history);
      }
    }
  }

  /** Whether every attempt charged to the head of this lane is in a confirmed commit. */
  public boolean isRecorded(Lane of) {
    synchronized (owner) {
      FailureHistory history = of.history;
      return history == null || history.isRecorded();
    }
  }

  // ---- for an operator

  /** The lane was just moved to HELD. */
  public void heldBy(Lane of, String reason) {
    synchronized (owner) {
      of.heldBy = reason;
    }
  }

  /** Stops a lane wherever it is, until an operator acts. Its head's offset, or -1. */
  public long hold(Lane of, String reason) {
    synchronized (owner) {
      of.heldBy = reason;
      work.abandon(of);
      OpenRecord head = of.head();
      if (owner.stage() != Stage.ENDED) {
        lanes.hold(of);
      }
      return head == null ? -1 : head.offset();
    }
  }

  /**
   * A record that waits for an operator.
   *
   * @param history of its failures, also where it has none
   * @param because why
   */
  public record Held(
      Lane lane, ConsumerRecord<byte[], byte[]> record, FailureHistory history, String because) {}

  /** The record that waits for an operator at this offset; null where there is none. */
  public @Nullable Held held(long offset) {
    synchronized (owner) {
      for (Lane lane : lanes.troubled()) {
        OpenRecord head = lane.head();
        if (lane.phase() == Lane.Phase.HELD && head != null && head.offset() == offset) {
          FailureHistory history = lane.history;
          if (history == null) {
            history = new FailureHistory();
            lane.history = history;
          }
          return new Held(lane, head.record, history, lane.heldBy);
        }
      }
      return null;
    }
  }

  /** An operator has the held record tried again, as if it had never failed. False when stale. */
  public boolean retry(Held held) {
    synchronized (owner) {
      if (!isHeld(held)) {
        return false;
      }
      held.lane().history = null;
      lanes.makeReady(held.lane(), true);
      work.settle();
      owner.booked(held.history());
      return true;
    }
  }

  /** An operator drops the held record: it is done. False when stale. */
  public boolean skip(Held held) {
    synchronized (owner) {
      if (!isHeld(held)) {
        return false;
      }
      work.completeHead(held.lane());
      lanes.release(held.lane(), true);
      work.settle();
      return true;
    }
  }

  private boolean isHeld(Held held) {
    OpenRecord head = held.lane().head();
    return owner.stage() != Stage.ENDED
        && held.lane().phase() == Lane.Phase.HELD
        && head != null
        && head.record == held.record();
  }

  // ---- what others look at

  /** The lowest offset of a record that waits for an operator, or -1. */
  public long heldOffset() {
    synchronized (owner) {
      long lowest = -1;
      for (Lane lane : lanes.troubled()) {
        OpenRecord head = lane.head();
        if (lane.phase() == Lane.Phase.HELD
            && head != null
            && (lowest < 0 || head.offset() < lowest)) {
          lowest = head.offset();
        }
      }
      return lowest;
    }
  }

  /**
   * A record that holds its lane and does not run.
   *
   * @param failures all of them, those that an outage caused included
   * @param sinceMillis its first failure by the wall clock, -1 where that is not known
   * @param failure class of the last one; empty for none
   * @param heldBy why an operator has to act; empty where none has to
   */
  public record Stuck(
      long offset,
      Lane.Phase phase,
      int failures,
      long sinceMillis,
      String failure,
      String heldBy) {}

  /** So many of those that hold their lane, the lowest offsets first. */
  public List<Stuck> stuck(int most) {
    synchronized (owner) {
      List<Stuck> found = new ArrayList<>();
      for (Lane lane : lanes.troubled()) {
        OpenRecord head = lane.head();
        boolean waits =
            switch (lane.phase()) {
              case WAITING, SENDING, HELD -> true;
              case IDLE, READY, RUNNING -> false;
            };
        if (waits && head != null) {
          found.add(stuck(lane, head));
        }
      }
      found.sort(Comparator.comparingLong(Stuck::offset));
      return List.copyOf(found.subList(0, Math.min(most, found.size())));
    }
  }

  private static Stuck stuck(Lane lane, OpenRecord head) {
    FailureHistory history = lane.history;
    Throwable last = history == null ? null : history.lastFailure();
    return new Stuck(
        head.offset(),
        lane.phase(),
        history == null ? 0 : history.failures(),
        history == null ? -1 : history.firstFailureMillis(),
        last == null ? "" : SafeThrowables.className(last),
        lane.phase() == Lane.Phase.HELD ? lane.heldBy : "");
  }

  /** The record with most failures that are held for an outage and not charged, or null. */
  public @Nullable Outage outage() {
    synchronized (owner) {
      Outage worst = null;
      for (Lane lane : lanes.troubled()) {
        FailureHistory history = lane.history;
        OpenRecord head = lane.head();
        if (history != null
            && head != null
            && history.uncharged > (worst == null ? 0 : worst.failures())) {
          worst = new Outage(head.offset(), history.uncharged);
        }
      }
      return worst;
    }
  }

  /**
   * A record that waits for a downstream.
   *
   * @param failures not charged, in a row
   */
  public record Outage(long offset, int failures) {}
}
