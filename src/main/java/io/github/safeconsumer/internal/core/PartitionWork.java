package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.internal.core.OwnedPartition.Stage;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The workers' side of one ownership: they take lanes, start records, report what became of them
 * and leave. Everything here runs inside the lock of the {@link OwnedPartition}, which explains
 * what that is good for.
 */
public final class PartitionWork {
  private final OwnedPartition owner;
  private final Lanes lanes;
  private final Share share;
  private final @Nullable Linger linger;
  private final Running running = new Running();
  private int askedFor;
  private final PartitionProbe probe;

  /**
   * @param linger how long an incomplete batch waits; null where records are handed out one by one
   */
  PartitionWork(OwnedPartition owner, Lanes lanes, Share share, @Nullable Linger linger) {
    this.owner = owner;
    this.lanes = lanes;
    this.share = share;
    this.linger = linger;
    this.probe = new PartitionProbe(owner, lanes, this);
  }

  PartitionProbe probe() {
    return probe;
  }

  /**
   * How many workers should come by that have not been asked to yet, at most so many in all. They
   * count as asked from now on; each of them has to call {@link #came}.
   *
   * @param byLoop whether it is the loop that asks
   */
  public int ask(int most, long nowNanos, boolean byLoop) {
    synchronized (owner) {
      book();
      hasRoom();
      if (linger != null || !lanes.isServed() || owner.admission().isScarce()) {
        owner.admit(byLoop); // else the worker that is there does it, when it runs short
      }
      settle();
      int more =
          probe.isProbing()
              ? owner.admission().startable(share, 1, nowNanos) - askedFor
              : isDue(nowNanos)
                  ? owner.admission().startable(share, Math.min(lanes.readyLanes(), most), nowNanos)
                      - askedFor
                  : 0;
      askedFor += Math.max(0, more);
      return Math.max(0, more);
    }
  }

  /**
   * What cannot start, since it is paused or about to leave, takes nothing from the others. An open
   * breaker holds back all of them: they keep what they have, so that all of it still fits when it
   * closes.
   */
  void settle() {
    share.settle(owner.mayProbe() ? lanes.activeRecords() : running.count());
  }

  /** A worker that was asked for came, or will not come. */
  public void came() {
    synchronized (owner) {
      askedFor--;
    }
  }

  /** Whether a start is possible now, an incomplete batch included. */
  public boolean hasReady() {
    synchronized (owner) {
      return probe.isProbing()
          || ((lanes.readyLanes() > 0 || owner.hasBacklog()) && owner.mayStart());
    }
  }

  /** Whether only the rate can keep something from being started now. */
  public boolean wantsStart(long nowNanos) {
    synchronized (owner) {
      return probe.isProbing()
          || (lanes.readyLanes() > 0
              && owner.mayStart()
              && (linger == null || linger.nanosLeft(lanes, share.batchSize(), nowNanos) == 0));
    }
  }

  /** It is this partition's turn to start, where the rate does not let all start. */
  public void takeTurn() {
    owner.admission().turnOf(share);
  }

  /** Whether it started something since {@link #takeTurn}. */
  public boolean hadTurn() {
    return owner.admission().hadTurn(share);
  }

  /**
   * Whether something should be started now: a batch is complete, or has waited long enough, and
   * the rate allows it.
   */
  boolean isDue(long nowNanos) {
    return lanes.readyLanes() > 0 && owner.mayStart() && nanosToStart(nowNanos) == 0;
  }

  /**
   * How long what is ready still has to wait for others or for the rate, at most the limit. What
   * may start now waits for a worker only, and the loop has nothing to hurry for.
   */
  public long nanosToStart(long nowNanos, long limit) {
    synchronized (owner) {
      long wait = lanes.readyLanes() == 0 || !owner.mayStart() ? 0 : nanosToStart(nowNanos);
      return wait == 0 ? limit : Math.min(limit, wait);
    }
  }

  private long nanosToStart(long nowNanos) {
    if (linger == null) {
      return owner.admission().nanosUntil(share, 1, nowNanos);
    }
    int full = share.batchSize();
    int together = lanes.readyAlone() > 0 ? 1 : Math.min(full, lanes.readyRecords());
    return Math.max(
        linger.nanosLeft(lanes, full, nowNanos),
        owner.admission().nanosUntil(share, together, nowNanos));
  }

  /**
   * Starts the next record after one that ended well, where that was one of a run: without the
   * lock.
   *
   * @return null when {@link #begin} has to be asked
   */
  public @Nullable Attempt goOn(Attempt last, long nowNanos) {
    LaneRun run = last.run;
    int era = owner.breakerEra(); // before the gate is looked at
    boolean mayGoOn = owner.mayStart() && !owner.admission().isLimited(); // a limit may be new
    return run == null || !mayGoOn ? null : run.next(nowNanos, era);
  }

  /**
   * Starts the next record: of the lane that the caller has, or else of any that is READY.
   *
   * @param held a lane that the caller has, or null
   * @return the attempt, or null when nothing may start: then no lane is the caller's any more
   */
  public @Nullable Attempt begin(@Nullable Lane held, long nowNanos) {
    return begin(held, false, nowNanos);
  }

  /**
   * The same.
   *
   * @param goesOn whether the caller stays until the attempt ends, and asks {@link #goOn} then
   */
  public @Nullable Attempt begin(@Nullable Lane held, boolean goesOn, long nowNanos) {
    synchronized (owner) {
      int era = owner.breakerEra(); // before the gate is looked at
      endRun(held);
      owner.admit(false); // first of all: what comes next in the lane may not be in it yet
      Lane lane = held;
      if (lane != null && !mayContinue(lane)) {
        giveBack(lane);
        lane = null;
      }
      if (lane == null) {
        lane = take();
      }
      OpenRecord head = lane == null ? null : lane.head();
      if (lane == null || head == null) {
        return null;
      }
      if (owner.admission().takeStarts(share, 1, nowNanos) == 0) {
        giveBack(lane);
        return null;
      }
      owner.admission().started(share);
      LaneRun run = goesOn ? runFrom(lane, head) : null;
      return run == null ? start(lane, head, nowNanos, era) : run.next(nowNanos, era);
    }
  }

  /** A run of records that have nothing special about them; null where that is at most one. */
  private @Nullable LaneRun runFrom(Lane lane, OpenRecord head) {
    if (probe.isGranted()
        || lane.history != null
        || lanes.failing() > 0
        || owner.admission().isLimited()
        || owner.isCareful()) {
      return null;
    }
    long leaseEnd = owner.leaseEnd();
    int records = 1;
    for (OpenRecord one = head.next;
        one != null && one.inherited == null && one.offset() < leaseEnd && records < LaneRun.MOST;
        one = one.next) {
      records++;
    }
    if (records == 1) {
      return null;
    }
    LaneRun run = new LaneRun(lane, head, records);
    lane.run = run;
    running.add(run);
    return run;
  }

  /** What is done in the course of runs is booked: whoever looks at the ledger comes by here. */
  void book() {
    for (LaneRun run : running.runs()) {
      book(run);
    }
  }

  private void book(LaneRun run) {
    int done = run.takeDone();
    if (owner.stage() == Stage.ENDED) {
      return;
    }
    if (done > 0) {
      run.observe(share, done);
    }
    for (int i = 0; i < done; i++) {
      completeHead(run.lane());
    }
  }

  /** The worker that has this lane is between two records: what it has is no run any more. */
  private void endRun(@Nullable Lane of) {
    LaneRun run = of == null ? null : of.run;
    if (of != null && run != null) {
      run.end();
      book(run);
      running.remove(run);
      of.run = null;
    }
  }

  /** What runs in this lane is an attempt like any other from here on. */
  private void leaveRun(Lane of) {
    LaneRun run = of.run;
    Attempt current = run == null ? null : run.current();
    endRun(of);
    if (current != null && current.isOf(of.head())) {
      current.run = null; // or its end would be booked in a run that nobody looks at any more
      of.running = current;
      running.add(current);
    }
  }

  /** Whatever runs in this lane counts for nothing from here on. */
  void abandon(Lane of) {
    leaveRun(of);
    Attempt attempt = of.running;
    if (attempt != null) {
      running.remove(attempt);
      of.running = null;
    }
  }

  private boolean mayContinue(Lane lane) {
    OpenRecord head = lane.head();
    return lane.phase() == Lane.Phase.RUNNING
        && lane.running == null
        && head != null
        && owner.mayStart()
        && head.offset() < owner.leaseEnd()
        && owner.mayRun(head, lane.history)
        && (lane.history != null || owner.hasNoteRoom());
  }

  /** Whether a record that has not failed yet may start; those that waited for that may again. */
  boolean hasRoom() {
    boolean room = owner.hasNoteRoom();
    if (room) {
      lanes.readmit();
    }
    return room;
  }

  /** A lane that is READY becomes the caller's, or null. */
  @Nullable Lane take() {
    boolean room = hasRoom();
    Lane probing = probe.lane();
    Lane lane =
        owner.mayStart()
            ? lanes.takeReady(owner.leaseEnd(), room)
            : probing != null ? lanes.take(probing, owner.leaseEnd(), room) : null;
    if (lane != null) {
      lanes.move(lane, Lane.Phase.RUNNING);
    }
    return lane;
  }

  private Attempt start(Lane lane, OpenRecord head, long nowNanos, int era) {
    Attempt attempt = attempt(lane, head, lane.history, nowNanos, era);
    lane.running = attempt;
    running.add(attempt);
    return attempt;
  }

  Attempt attempt(
      Lane lane, OpenRecord record, @Nullable FailureHistory history, long nowNanos, int era) {
    Attempt attempt = new Attempt(lane, record, history, nowNanos, era);
    probe.begun(attempt, record);
    return attempt;
  }

  /**
   * Takes a start back that has not entered the handler yet, where a pause or a hand-over came in
   * between: reading a large record takes its time. The record is as if it had not been started.
   * Where the ownership is over, its next owner handles the record.
   *
   * @return true when it was taken back; the lane is not the caller's any more
   */
  public boolean withdraw(Attempt attempt) {
    synchronized (owner) {
      if (owner.stage() == Stage.ENDED) {
        forget(attempt);
        return true;
      }
      if (!isCurrent(attempt) || owner.lets(attempt.probe)) {
        return false;
      }
      unstart(attempt);
      return true;
    }
  }

  private void unstart(Attempt attempt) {
    running.remove(attempt);
    attempt.lane().running = null;
    lanes.release(attempt.lane(), true);
  }

  /**
   * A worker leaves, for fairness, and gives back the lane that it has.
   *
   * @return true when one has to come for what is left; it counts as asked for
   */
  public boolean giveWay(@Nullable Lane held, long nowNanos) {
    synchronized (owner) {
      endRun(held);
      if (held != null && held.phase() == Lane.Phase.RUNNING && held.running == null) {
        release(held, false);
      }
      boolean more = isDue(nowNanos);
      if (more) {
        askedFor++;
      }
      return more;
    }
  }

  /** The worker gives back the lane that it has, if any, as it is. */
  public void giveBack(@Nullable Lane held) {
    synchronized (owner) {
      endRun(held);
      if (held != null && held.phase() == Lane.Phase.RUNNING && held.running == null) {
        release(held, true);
      }
    }
  }

  Running attempts() {
    return running;
  }

  private void release(Lane lane, boolean first) {
    if (owner.stage() != Stage.ENDED) {
      lanes.release(lane, first);
    }
  }

  /** The attempt is over, whatever its end: what it took in the handler is an observation. */
  private void left(Attempt attempt) {
    forget(attempt);
    if (attempt.handlerNanos() >= 0) {
      share.observed(attempt.handlerNanos(), 1, attempt.leftNanos());
    }
  }

  /** It does not run any more, as far as anybody cares. */
  void forget(Attempt attempt) {
    LaneRun run = attempt.run;
    if (run != null && run.current() == attempt && run.place >= 0) {
      leaveRun(run.lane());
    }
    running.remove(attempt);
  }

  /**
   * The record is done, by a return. The lane stays RUNNING with the caller, who has had it since
   * the attempt began.
   *
   * @return false when the report is stale: nothing changed
   */
  public boolean returned(Attempt attempt) {
    LaneRun run = attempt.run;
    if (run == null) {
      return succeeded(attempt);
    }
    if (owner.isEnded()) {
      return false;
    }
    run.succeeded(attempt);
    return true;
  }

  /**
   * The record is done, by a return or a skip. The lane stays RUNNING with the caller.
   *
   * @return false when the report is stale: nothing changed
   */
  public boolean succeeded(Attempt attempt) {
    synchronized (owner) {
      left(attempt);
      if (!isCurrent(attempt)) {
        return false;
      }
      completeHead(attempt.lane());
      return true;
    }
  }

  /**
   * The history of the running record, created at its first failure; null when the report is stale.
   */
  public @Nullable FailureHistory historyFor(Attempt attempt) {
    synchronized (owner) {
      if (!isCurrent(attempt)) {
        forget(attempt);
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
  }

  /**
   * The running record waits, is buried or is held; the worker leaves the lane. False when stale.
   */
  public boolean park(Attempt attempt, Lane.Phase phase) {
    synchronized (owner) {
      if (!isCurrent(attempt)) {
        return false;
      }
      Lane lane = attempt.lane();
      left(attempt);
      owner.survived(attempt.record().offset());
      lane.running = null;
      lanes.move(lane, phase);
      FailureHistory history = lane.history;
      if (history != null) {
        lanes.troubled(lane);
        history.book();
        owner.booked(history);
      }
      return true;
    }
  }

  void completeHead(Lane of) {
    owner.done(lanes.removeHead(of));
  }

  boolean isCurrent(Attempt attempt) {
    LaneRun run = attempt.run;
    if (run != null && attempt.lane().run == run) {
      leaveRun(attempt.lane());
    }
    return owner.stage() != Stage.ENDED && attempt.lane().running == attempt;
  }

  // ---- what others look at

  /** The attempts that run now; of an ended ownership, those that ran at the end. */
  public List<Attempt> running() {
    synchronized (owner) {
      return running.all();
    }
  }

  /** How long the attempt has been running that began first, of those that run now. */
  Optional<Duration> oldestAttempt(long nowNanos) {
    return running.all().stream()
        .map(attempt -> nowNanos - attempt.begunNanos())
        .max(Comparator.naturalOrder())
        .map(nanos -> Duration.ofNanos(Math.max(0, nanos)));
  }

  public int runningCount() {
    synchronized (owner) {
      return running.count();
    }
  }

  /** How many records the longest lane has; 0 where each record is a lane of its own. */
  public int longestLane() {
    synchronized (owner) {
      return lanes.longest();
    }
  }
}
