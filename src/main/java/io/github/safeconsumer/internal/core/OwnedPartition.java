package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One ownership (epoch) of one partition: its lane, its ledger, what is buffered and why it is
 * paused. Another ownership of the same partition is another object, so whatever a worker still
 * holds of an ended one can change nothing.
 *
 * <p>Concurrency: one lock, this object's, around every method that reads or moves the lane or the
 * ledger; no user code, no I/O and no other lock is ever taken inside it. A record starts inside
 * {@link #begin}, under the lock, after reading the gate and the state. So whoever changes the gate
 * or the state and then passes through the lock once ({@link #passBarrier}) knows that no further
 * start can miss the change. Completions go straight to the ledger; the loop reads the watermark
 * when it commits.
 */
public final class OwnedPartition {
  /** Stages of an ownership, in order. */
  public enum Stage {
    /** Taken over; its committed offset is being read. Nothing starts. */
    ACQUIRING,
    /** Records start. */
    ACTIVE,
    /** To be handed over: nothing starts, running attempts end. */
    DRAINING,
    /** Over: whatever still reports changes nothing. */
    ENDED
  }

  private final TopicPartition topicPartition;
  private final long epoch;
  private final int generation;
  private final String groupId;
  private final int maxAttempts;
  private final PauseGate gate;
  private final Lane lane = new Lane(this);
  private final PartitionFlow flow = new PartitionFlow();

  private volatile Stage stage = Stage.ACQUIRING;
  private volatile @Nullable Attempt predecessor;
  private Ledger ledger = new Ledger(0);
  private volatile long confirmed = -1;
  private volatile long endOffset = -1;

  public OwnedPartition(
      TopicPartition topicPartition,
      long epoch,
      int generation,
      String groupId,
      int maxAttempts,
      PauseGate gate) {
    this.topicPartition = topicPartition;
    this.epoch = epoch;
    this.generation = generation;
    this.groupId = groupId;
    this.maxAttempts = maxAttempts;
    this.gate = gate;
  }

  public TopicPartition topicPartition() {
    return topicPartition;
  }

  public long epoch() {
    return epoch;
  }

  public int generation() {
    return generation;
  }

  public String groupId() {
    return groupId;
  }

  public Stage stage() {
    return stage;
  }

  public boolean isEnded() {
    return stage == Stage.ENDED;
  }

  // ---- the loop's side

  /** The committed offset is known and sought: records may start. */
  public synchronized void activate(long start) {
    if (stage != Stage.ACQUIRING) {
      throw new IllegalStateException(topicPartition + ": cannot become ACTIVE from " + stage);
    }
    ledger = new Ledger(start);
    flow.set(PauseReason.ACQUIRE, false);
    stage = Stage.ACTIVE;
  }

  /**
   * Takes polled records in, in offset order.
   *
   * @return false when one is below what was taken in before: the log is not the one the position
   *     was made for. Nothing from that record on was taken.
   */
  public synchronized boolean add(List<ConsumerRecord<byte[], byte[]>> records) {
    if (stage != Stage.ACTIVE) {
      return true; // handed over meanwhile: the next owner reads them again
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.offset() < ledger.next()) {
        return false;
      }
      ledger.register(record.offset());
      lane.queue.addLast(record);
      flow.added(record);
    }
    return true;
  }

  /**
   * The lane, if it has something to do and may be handed to the workers now; it is READY then.
   * Null otherwise.
   */
  public synchronized @Nullable Lane takeReady() {
    if (lane.phase() != Lane.Phase.IDLE || lane.queue.isEmpty() || !mayStart()) {
      return null;
    }
    lane.moveTo(Lane.Phase.READY);
    return lane;
  }

  /**
   * Nothing starts any more; never-started records are dropped when the ownership ends. One that is
   * still ACQUIRING stays so: its ledger stands for nothing yet, and must never be committed.
   */
  public synchronized void drain() {
    if (stage == Stage.ACTIVE) {
      stage = Stage.DRAINING;
    }
  }

  /** The ownership is over. */
  public synchronized void end() {
    stage = Stage.ENDED;
    lane.queue.clear();
    flow.emptied();
  }

  /**
   * After this returns, no start can have missed a change of gate or stage made before the call.
   */
  public synchronized void passBarrier() {
    // Entering and leaving the lock is the whole point: a start that is under way ends first.
  }

  /** Sets or releases a reason. True when that changed something. */
  public synchronized boolean setPaused(PauseReason reason, boolean paused) {
    return flow.set(reason, paused);
  }

  public synchronized Set<PauseReason> reasons() {
    return flow.reasons();
  }

  /** Whether nothing of this partition should be fetched, the whole consumer's pause aside. */
  public synchronized boolean isPaused() {
    return flow.isPaused();
  }

  /**
   * Offset that may be committed, given where the client's position is (see {@link Ledger#skipTo}).
   */
  public synchronized long watermark(long position) {
    if (stage == Stage.ACTIVE || stage == Stage.DRAINING) {
      ledger.skipTo(position);
    }
    return ledger.watermark();
  }

  public synchronized long watermark() {
    return ledger.watermark();
  }

  /**
   * Whether a record of it is polled and not done: then its watermark is below the client's
   * position.
   */
  public synchronized boolean hasOpenWork() {
    return ledger.open() > 0;
  }

  /** The broker confirmed a commit of this offset in this ownership. */
  public void confirm(long offset) {
    confirmed = offset;
  }

  /** The offset last confirmed in this ownership, -1 before the first. */
  public long confirmed() {
    return confirmed;
  }

  /** The end of the log, as the client knows it. */
  public void endOffset(long offset) {
    endOffset = offset;
  }

  /** The end of the log, -1 while it is not known. */
  public long endOffset() {
    return endOffset;
  }

  /**
   * Back-pressure with hysteresis: full at the cap, flowing again at half of it.
   *
   * @param tight true while the buffers of all partitions together are over their bound: then half
   *     the cap counts as full
   */
  public synchronized boolean updateFull(int capRecords, long capBytes, boolean tight) {
    return flow.updateFull(lane.queue.size(), capRecords, capBytes, tight);
  }

  /** The lowest offset a polled record can have. */
  public synchronized long next() {
    return ledger.next();
  }

  /** Whether something of it is with a worker or about to be. */
  public synchronized boolean isBusy() {
    return lane.phase() == Lane.Phase.READY
        || lane.phase() == Lane.Phase.RUNNING
        || lane.phase() == Lane.Phase.SENDING;
  }

  /** An attempt of an earlier ownership that has to return before a record of this one starts. */
  void succeeds(@Nullable Attempt attempt) {
    predecessor = attempt;
  }

  /** The attempt of an earlier ownership that is still in its handler, or null. */
  public @Nullable Attempt predecessor() {
    Attempt earlier = predecessor;
    return earlier == null || earlier.hasReturned() ? null : earlier;
  }

  /** The attempt that runs now; of an ended ownership, the one that ran at the end. */
  public synchronized @Nullable Attempt running() {
    return lane.running;
  }

  /** Whether a dead letter of it is under way. */
  public synchronized boolean isSending() {
    return lane.phase() == Lane.Phase.SENDING;
  }

  public synchronized int buffered() {
    return lane.queue.size();
  }

  public synchronized long bufferedBytes() {
    return flow.bufferedBytes();
  }

  /** Head of a lane that waits for an operator: its offset, or -1. */
  public synchronized long heldOffset() {
    ConsumerRecord<byte[], byte[]> head = lane.queue.peekFirst();
    return lane.phase() == Lane.Phase.HELD && head != null ? head.offset() : -1;
  }

  /** Failures of the lane's head that are held for an outage and not charged. */
  public synchronized int outageFailures() {
    return lane.history == null ? 0 : lane.history.uncharged;
  }

  public synchronized Lane.Phase lanePhase() {
    return lane.phase();
  }

  /** A consistent view. */
  public synchronized PartitionStatus status() {
    long watermark = ledger.watermark();
    Lane.Phase phase = lane.phase();
    int underWay =
        phase == Lane.Phase.IDLE || phase == Lane.Phase.READY || lane.queue.isEmpty() ? 0 : 1;
    return new PartitionStatus(
        topicPartition,
        epoch,
        watermark,
        confirmed < 0 ? OptionalLong.empty() : OptionalLong.of(confirmed),
        endOffset < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, endOffset - watermark)),
        lane.queue.size() - underWay,
        flow.bufferedBytes(),
        phase == Lane.Phase.RUNNING && lane.running != null ? 1 : 0,
        phase == Lane.Phase.WAITING ? 1 : 0,
        phase == Lane.Phase.SENDING ? 1 : 0,
        phase == Lane.Phase.HELD ? 1 : 0,
        flow.reasons());
  }

  // ---- the workers' side

  /**
   * Starts the next record of the lane, if it may start.
   *
   * @return the attempt, or null: then the lane is not the caller's any more, and IDLE again if it
   *     was
   */
  public synchronized @Nullable Attempt begin(Lane of, long nowNanos) {
    if (of.running != null
        || (of.phase() != Lane.Phase.READY && of.phase() != Lane.Phase.RUNNING)) {
      return null; // it runs, or waits for something else: never two attempts of one lane
    }
    ConsumerRecord<byte[], byte[]> head = of.queue.peekFirst();
    if (head == null || !mayStart()) {
      of.moveTo(Lane.Phase.IDLE);
      return null;
    }
    if (of.phase() == Lane.Phase.READY) {
      of.moveTo(Lane.Phase.RUNNING);
    }
    FailureHistory history = of.history;
    int number = history == null ? 1 : history.charged + 1;
    Attempt attempt =
        new Attempt(
            of,
            head,
            number,
            number >= maxAttempts,
            history == null ? -1 : history.firstFailureMillis,
            nowNanos);
    of.running = attempt;
    return attempt;
  }

  /**
   * A cheap look, without the lock, for whoever is about to enter the handler: false means that
   * {@link #withdraw} may succeed.
   */
  public boolean looksOpen() {
    return stage == Stage.ACTIVE && !gate.isClosed() && !flow.pausedByUser();
  }

  /**
   * Takes a start back that has not entered the handler yet, where a pause or a hand-over came in
   * between: reading a large record takes its time. The record is as if it had not been started.
   * Where the ownership is over, its next owner handles the record.
   *
   * @return true when it was taken back; the lane is not the caller's any more
   */
  public synchronized boolean withdraw(Attempt attempt) {
    if (stage == Stage.ENDED) {
      return true;
    }
    if (!isCurrent(attempt) || mayStart()) {
      return false;
    }
    attempt.lane().running = null;
    attempt.lane().moveTo(Lane.Phase.IDLE);
    return true;
  }

  /**
   * The worker gives the lane back with work left, for fairness. True when it has to be queued
   * again.
   */
  public synchronized boolean yieldLane(Lane of) {
    boolean more = !of.queue.isEmpty() && mayStart();
    of.moveTo(more ? Lane.Phase.READY : Lane.Phase.IDLE);
    return more;
  }

  /** The worker gives the lane back as it is; the loop decides what becomes of it. */
  public synchronized void giveBack(Lane of) {
    if (of.running == null
        && (of.phase() == Lane.Phase.READY || of.phase() == Lane.Phase.RUNNING)) {
      of.moveTo(Lane.Phase.IDLE);
    }
  }

  /**
   * The record is done, by a return, a skip or an acknowledged dead letter. The lane stays RUNNING
   * with the caller.
   *
   * @return false when the report is stale: nothing changed
   */
  public synchronized boolean succeeded(Attempt attempt) {
    if (!isCurrent(attempt)) {
      return false;
    }
    completeHead(attempt.lane());
    return true;
  }

  /**
   * The history of the running record, created at its first failure; null when the report is stale.
   */
  public synchronized @Nullable FailureHistory historyFor(Attempt attempt) {
    if (!isCurrent(attempt)) {
      return null;
    }
    Lane of = attempt.lane();
    FailureHistory history = of.history;
    if (history == null) {
      history = new FailureHistory();
      of.history = history;
    }
    return history;
  }

  /**
   * The running record waits, is buried or is held; the worker leaves the lane. False when stale.
   */
  public synchronized boolean park(Attempt attempt, Lane.Phase phase) {
    if (!isCurrent(attempt)) {
      return false;
    }
    attempt.lane().running = null;
    attempt.lane().moveTo(phase);
    return true;
  }

  /** Stops a lane wherever it is, until an operator acts. Its head's offset, or -1. */
  public synchronized long hold(Lane of) {
    of.running = null;
    of.forceHeld();
    ConsumerRecord<byte[], byte[]> head = of.queue.peekFirst();
    return head == null ? -1 : head.offset();
  }

  /** Moves a lane that nobody runs. False when the ownership is over or the lane is elsewhere. */
  public synchronized boolean shift(Lane of, Lane.Phase from, Lane.Phase to) {
    if (stage == Stage.ENDED || of.phase() != from) {
      return false;
    }
    of.moveTo(to);
    return true;
  }

  /**
   * The dead letter of a SENDING lane's head was acknowledged: the record is done, the lane IDLE.
   *
   * @return false when the ownership is over: the next owner buries the record again, with the same
   *     id
   */
  public synchronized boolean buried(Lane of) {
    if (stage == Stage.ENDED || of.phase() != Lane.Phase.SENDING) {
      return false;
    }
    completeHead(of);
    of.moveTo(Lane.Phase.IDLE);
    return true;
  }

  private void completeHead(Lane of) {
    ConsumerRecord<byte[], byte[]> record = of.queue.removeFirst();
    flow.removed(record);
    ledger.complete(record.offset());
    of.running = null;
    of.history = null;
  }

  private boolean isCurrent(Attempt attempt) {
    return stage != Stage.ENDED && attempt.lane().running == attempt;
  }

  private boolean mayStart() {
    return stage == Stage.ACTIVE && !gate.isClosed() && !flow.pausedByUser();
  }
}
