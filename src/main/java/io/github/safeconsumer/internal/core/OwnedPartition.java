package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One ownership (epoch) of one partition: its lanes, its ledger, what is buffered, why it is paused
 * and what is committed. Another ownership of the same partition is another object, so whatever a
 * worker still holds of an ended one can change nothing.
 *
 * <p>Concurrency: one lock, this object's, around every method that reads or moves the lanes or the
 * ledger; no user code, no I/O and no other lock is ever taken inside it. A record starts inside
 * {@link PartitionWork#begin}, under the lock, after reading the gate and the state. So whoever
 * changes the gate or the state and then passes through the lock once ({@link #passBarrier}) knows
 * that no further start can miss the change. Completions go straight to the ledger; the loop reads
 * the watermark when it commits.
 */
public final class OwnedPartition {
  /** Stages of an ownership, in order. */
  public enum Stage {
    /** Taken over; its committed offset is being read, its opening note committed. */
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
  private final PartitionRules rules;
  private final PauseGate gate;
  private final Lanes lanes;
  private final Share share;
  private final Backlog backlog;
  private final PartitionWork work;
  private final StoppedLanes stopped;
  private final BatchWork batches;
  private final PartitionSuspects suspects;
  private final PartitionFlow flow = new PartitionFlow();
  private final BufferCap cap = new BufferCap();
  private final PartitionMeters meters = new PartitionMeters();

  private volatile Stage stage = Stage.ACQUIRING;
  private volatile List<Attempt> predecessors = List.of();
  private Ledger ledger = new Ledger(0);
  private @Nullable CommitState commits;
  private volatile long confirmed = -1;
  private @Nullable String confirmedText;

  public OwnedPartition(
      TopicPartition topicPartition,
      long epoch,
      int generation,
      PartitionRules rules,
      PauseGate gate) {
    this.topicPartition = topicPartition;
    this.epoch = epoch;
    this.generation = generation;
    this.rules = rules;
    this.gate = gate;
    this.lanes = new Lanes(this, rules.ordering());
    Linger linger = rules.batch() == null ? null : new Linger(rules.batch().linger());
    this.share =
        new Share(
            rules.admission(), topicPartition.topic(), rules.ordering(), rules.batch() != null);
    this.backlog = new Backlog(lanes, share);
    this.work = new PartitionWork(this, lanes, share, linger);
    this.stopped = new StoppedLanes(this, lanes, work);
    this.suspects = new PartitionSuspects(this, lanes, rules.guard().solitude());
    this.batches = new BatchWork(this, lanes, share, work, linger);
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
    return rules.groupId();
  }

  /** The workers' side of it. */
  public PartitionWork work() {
    return work;
  }

  /** What holds a lane and does not run. */
  public StoppedLanes stopped() {
    return stopped;
  }

  /** Its side of the consumer's breaker. */
  public PartitionProbe probe() {
    return work.probe();
  }

  /** The workers' side of it where records are handed out in batches. */
  public BatchWork batches() {
    return batches;
  }

  /** Its side that deals with records that may have killed a process. */
  public PartitionSuspects suspects() {
    return suspects;
  }

  public Stage stage() {
    return stage;
  }

  public boolean isEnded() {
    return stage == Stage.ENDED;
  }

  // ---- the loop's side: taking over and handing over

  /**
   * Where it starts is known, and what the last owner left: from now on it may be committed.
   * Nothing starts yet.
   *
   * @param note beside the committed offset, or null
   */
  public synchronized void place(long start, @Nullable Note note, long nowNanos) {
    if (stage != Stage.ACQUIRING || commits != null) {
      throw new IllegalStateException(topicPartition + ": cannot be placed in " + stage);
    }
    ledger = new Ledger(start, note == null ? List.of() : note.done());
    commits = new CommitState(start, note, rules.guard(), nowNanos);
  }

  /** Whether {@link #place} was called. */
  public synchronized boolean isPlaced() {
    return commits != null;
  }

  /** Whether the note that it is open was confirmed: now it may be activated. */
  public synchronized boolean isOpened() {
    return commits != null && commits.isOpened();
  }

  /** Whether that note is what it waits for. */
  public synchronized boolean isOpening() {
    return stage == Stage.ACQUIRING && commits != null && !commits.isOpened();
  }

  /** Records may start. */
  public synchronized void activate() {
    if (stage != Stage.ACQUIRING || !isOpened()) {
      throw new IllegalStateException(topicPartition + ": cannot become ACTIVE from " + stage);
    }
    flow.set(PauseReason.ACQUIRE, false);
    stage = Stage.ACTIVE;
  }

  /**
   * Nothing starts any more; never-started records are dropped when the ownership ends. One that is
   * still ACQUIRING stays so: unless it was placed, its ledger stands for nothing yet, and must
   * never be committed.
   */
  public synchronized void drain() {
    if (stage == Stage.ACTIVE) {
      stage = Stage.DRAINING;
    }
  }

  /** From here on its commits say how far it is on its way out. */
  public synchronized void leaves(Mode mode) {
    if (commits != null && stage != Stage.ENDED) {
      commits.mode(mode);
    }
  }

  /** The ownership is over. */
  public synchronized void end() {
    stage = Stage.ENDED;
    lanes.clear();
    backlog.clear();
    flow.emptied();
  }

  /**
   * After this returns, no start can have missed a change of gate or stage made before the call.
   */
  public synchronized void passBarrier() {
    // Entering and leaving the lock is the whole point: a start that is under way ends first.
  }

  /**
   * Attempts of earlier ownerships that have to return (or to be abandoned by the watchdog) before
   * a record of this one starts.
   */
  void succeeds(List<Attempt> attempts) {
    predecessors = attempts;
  }

  /** An attempt of an earlier ownership that is still in its handler, or null. */
  public @Nullable Attempt predecessor() {
    for (Attempt earlier : predecessors) {
      if (!earlier.isOver()) {
        return earlier;
      }
    }
    return null;
  }

  /** Those that have not returned: of earlier ownerships, and of this one. */
  List<Attempt> unreturned() {
    List<Attempt> left = new ArrayList<>(predecessors);
    left.addAll(work.running());
    left.removeIf(Attempt::isOver);
    return left;
  }

  // ---- the loop's side: records

  /**
   * Takes polled records in, in offset order.
   *
   * @return false when one is below what was taken in before: the log is not the one the position
   *     was made for. Nothing from that record on was taken.
   */
  public synchronized boolean add(List<ConsumerRecord<byte[], byte[]>> records) {
    CommitState committing = commits;
    if (stage != Stage.ACTIVE || committing == null) {
      return true; // handed over meanwhile: the next owner reads them again
    }
    boolean ascending = true;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.offset() < ledger.next()) {
        ascending = false;
        break;
      }
      OpenRecord open = ledger.register(record);
      if (open == null) {
        committing.changed(); // done by an earlier owner
      } else {
        backlog.add(open);
        flow.added(record);
      }
    }
    committing.forgetInheritedBelow(backlog.start(ledger.next()));
    return ascending;
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

  /** The same, by the loop, once a turn: it takes note of since when. */
  public synchronized boolean isPaused(Instant now) {
    flow.look(now);
    return flow.isPaused();
  }

  /**
   * Back-pressure with hysteresis: full at the cap, flowing again at half of it.
   *
   * @param capRecords the cap, or the least where it runs dry while it is full
   * @param tight true while the buffers of all partitions together are over their bound: then half
   *     the cap counts as full
   */
  public synchronized boolean updateFull(
      int capRecords, long capBytes, boolean tight, long nowNanos) {
    work.book();
    // What the last owner's note speaks of is read in any case, and with nothing open nothing could
    // make the note shorter: it would stay full for ever.
    boolean canShrink =
        ledger.open() > 0 && commits != null && ledger.next() >= commits.inheritedEnd();
    boolean full =
        flow.updateFull(
            ledger.open(),
            ledger.doneAhead(),
            canShrink,
            cap.of(capRecords, ledger.open(), nowNanos),
            capBytes,
            tight);
    cap.full(full, nowNanos);
    return full;
  }

  /** The lowest offset a polled record can have. */
  public synchronized long next() {
    return ledger.next();
  }

  // ---- the loop's side: commits

  /**
   * Whether something of it is not confirmed yet.
   *
   * @param position where the client stands (see {@link Ledger#skipTo}); -1 where it is not known
   */
  public synchronized boolean needsCommit(long position) {
    work.book();
    CommitState committing = commits;
    if (committing == null || stage == Stage.ENDED) {
      return false;
    }
    if (stage != Stage.ACQUIRING && position > ledger.next()) {
      ledger.skipTo(position);
    }
    return committing.isDirty()
        || ledger.watermark() != confirmed
        || (lanes.hasBeyondLease() && mayProbe());
  }

  /** What a commit should say now; null when {@link #needsCommit} says that it need not. */
  public synchronized @Nullable Progress progress(long position, long nowNanos) {
    CommitState committing = commits;
    return committing == null || !needsCommit(position)
        ? null
        : committing.progress(this, ledger, lanes, nowNanos);
  }

  /** How many characters the note beside its offset may take; 0 where there are no notes. */
  public synchronized void noteRoom(int chars) {
    flow.noteRoom(chars == 0 ? Integer.MAX_VALUE : chars);
  }

  /** Whether somebody waits for its next commit: a takeover, a retry, the lease. */
  public synchronized boolean isCommitUrgent() {
    return stage != Stage.ENDED
        && commits != null
        && (commits.isUrgent() || (lanes.hasBeyondLease() && mayProbe()));
  }

  /** Whether it could go on with the next commit, and only with that. */
  public synchronized boolean isStarving() {
    return stage == Stage.ACTIVE && lanes.isStarving() && mayStart() && !isCareful();
  }

  /** Whether what was said urgently last is in a confirmed commit, or never will be. */
  synchronized boolean isUrgentConfirmed() {
    return stage == Stage.ENDED || commits == null || !commits.isUrgent();
  }

  /**
   * The broker confirmed it.
   *
   * @param text of the note that went with it, empty for none
   * @param noteShare share of its room that the note would take, were nothing left out
   */
  synchronized void confirm(Progress progress, String text, double noteShare) {
    if (progress.offset() < confirmed || (commits != null && commits.isOutdated(progress))) {
      return; // answered late: more was confirmed since
    }
    confirmed = progress.offset();
    confirmedText = text;
    flow.noteShare(noteShare);
    if (commits != null
        && (commits.confirmed(progress, !text.isEmpty()) || commits.caution().isSolo())) {
      lanes.leaseRenewed();
    }
  }

  /** Whether a commit of this would say what was confirmed last, word for word. */
  public synchronized boolean saysTheSame(Progress progress, String text) {
    return progress.offset() == confirmed && text.equals(confirmedText);
  }

  /** The offset last confirmed in this ownership, -1 before the first. */
  public long confirmed() {
    return confirmed;
  }

  /**
   * Whether a record of it is polled and not done: then its watermark is below the client's
   * position.
   */
  public synchronized boolean hasOpenWork() {
    work.book();
    return ledger.open() > 0;
  }

  public synchronized long watermark() {
    work.book();
    return ledger.watermark();
  }

  // ---- what others look at

  /** The end of the log, as the client knows it, or the broker. */
  public void endOffset(long offset) {
    meters.end(offset);
  }

  /** Over how long its rates are measured; 0 while they are not known. */
  public synchronized long measuredNanos() {
    return meters.measuredNanos();
  }

  /** About once a second, by the loop: what the figures of its status rest on. */
  public synchronized void look(long nowNanos, long nowMillis) {
    work.book();
    meters.look(ledger.watermark(), nowNanos, nowMillis);
  }

  /** Whether something of it is with a worker or about to be. */
  public synchronized boolean isBusy(long nowNanos) {
    return work.runningCount() > 0
        || lanes.in(Lane.Phase.RUNNING) > 0
        || lanes.in(Lane.Phase.SENDING) > 0
        || work.isDue(nowNanos);
  }

  public synchronized long bufferedBytes() {
    return flow.bufferedBytes();
  }

  /**
   * A consistent view.
   *
   * @param nowNanos by the monotonic clock
   * @param nowMillis by the wall clock
   */
  public synchronized PartitionStatus status(long nowNanos, long nowMillis) {
    work.book();
    long watermark = ledger.watermark();
    int waiting = lanes.in(Lane.Phase.WAITING);
    int sending = lanes.in(Lane.Phase.SENDING);
    int held = lanes.in(Lane.Phase.HELD);
    return new PartitionStatus(
        topicPartition,
        epoch,
        watermark,
        confirmed < 0 ? OptionalLong.empty() : OptionalLong.of(confirmed),
        meters.lag(watermark),
        meters.oldestAge(ledger.oldest(), watermark, nowMillis),
        meters.donePerSecond(),
        meters.arrivedPerSecond(),
        meters.timeToDrain(watermark),
        Math.max(0, ledger.open() - work.runningCount() - waiting - sending - held),
        flow.bufferedBytes(),
        work.runningCount(),
        work.oldestAttempt(nowNanos),
        waiting,
        sending,
        held + (suspects.heldOffset() < 0 ? 0 : 1),
        commits == null ? 0 : commits.caution().suspects(),
        flow.reasons(),
        flow.since());
  }

  // ---- what the workers' side asks, inside the lock

  boolean mayStart() {
    return gate.isBreakerClosed() && mayProbe();
  }

  /** Whether records start, or would but for the consumer's breaker: then one may as its probe. */
  boolean mayProbe() {
    return stage == Stage.ACTIVE
        && !gate.isClosedToProbes()
        && !flow.pausedByUser()
        && suspects.heldOffset() < 0
        && rules.guard().solitude().admits(this);
  }

  /**
   * Whether a record may start, or one may as the probe whose time has come. What must be named
   * before it starts is named then, or no record here could ever be the probe. Not while a probe is
   * out, here or elsewhere: it would be kept from starting.
   */
  boolean mayStartOrProbe(long nowNanos) {
    return mayProbe() && (gate.isBreakerClosed() || gate.isProbeDue(nowNanos));
  }

  /** Nobody waits for it any more, but it still runs. */
  void abandoned(Attempt attempt) {
    rules.guard().solitude().leaves(List.of(attempt));
  }

  /**
   * Whether an attempt may enter the handler now. A cheap look, without the lock: false means that
   * {@link PartitionWork#withdraw} may succeed.
   *
   * @param probe with which it passed the gate; null where it needed none
   */
  boolean lets(@Nullable Probe probe) {
    return mayStart() || (probe != null && letsProbe(probe));
  }

  /** Whether this probe may pass the gate that the breaker keeps closed. */
  boolean letsProbe(Probe probe) {
    return mayProbe() && gate.lets(probe);
  }

  int breakerEra() {
    return gate.breakerEra();
  }

  Breakers breakers() {
    return rules.breakers();
  }

  Spending spending() {
    return rules.spending();
  }

  /** Hands one more record to its lane where the breaker lets nothing start, to be its probe. */
  void admitAnother() {
    CommitState committing = commits;
    if (committing != null) {
      backlog.admitAnother(committing);
    }
  }

  /** The first offset that must not start. */
  long leaseEnd() {
    return commits == null ? 0 : commits.leaseEnd();
  }

  /**
   * Hands polled records to their lanes, where these run short and the budget lets it.
   *
   * @param byLoop whether it is the loop that asks
   */
  void admit(boolean byLoop) {
    CommitState committing = commits;
    if (committing != null && mayStart()) {
      backlog.admit(byLoop, committing);
    }
  }

  /** Whether records wait to be handed to a lane. */
  boolean hasBacklog() {
    return !backlog.isEmpty();
  }

  Admission admission() {
    return rules.admission();
  }

  /**
   * Whether one more record may fail without a note having to leave out something. Else only
   * records that failed before go on, until some of them are done.
   */
  boolean hasNoteRoom() {
    return flow.hasNoteRoom(lanes.failing(), ledger.ranges());
  }

  int maxAttempts() {
    return rules.maxAttempts();
  }

  @Nullable HandlerTimeout handlerTimeout() {
    return rules.handlerTimeout();
  }

  /** A record is done. */
  void done(OpenRecord record) {
    flow.removed(record.record);
    ledger.complete(record);
    meters.done();
    if (commits != null) {
      commits.changed();
      commits.caution().survived(record.offset());
    }
  }

  /** An attempt on the record ended, and the process lives. */
  void survived(long offset) {
    if (commits != null) {
      commits.caution().survived(offset);
    }
  }

  /**
   * Whether the record may be run: where suspects are run one by one, only the one that a confirmed
   * commit names; what lies behind them, while none is named or about to be: also after the last
   * one ended, until a commit names none. Giving one up needs no name, since it is not run.
   */
  boolean mayRun(OpenRecord record, @Nullable FailureHistory history) {
    CommitState committing = commits;
    return committing == null
        || (history != null && history.fate().owesDeadLetter())
        || (suspects.isNamed(record) && committing.isNameConfirmed())
        || (!suspects.isExclusive()
            && (!committing.caution().isSolo()
                || record.offset() >= committing.caution().suspectsEnd()));
  }

  /** Whether it matters which records started when: an earlier owner died. */
  boolean isCareful() {
    return commits != null && commits.caution().mode() != Caution.Mode.NONE;
  }

  /** How carefully its records are run; null while nothing is known of it. */
  synchronized @Nullable Caution caution() {
    return commits == null ? null : commits.caution();
  }

  /** See {@link PartitionSuspects#name}. */
  void name(long offset, boolean nothingElseRuns) {
    if (commits != null) {
      commits.name(offset, nothingElseRuns);
    }
  }

  /** See {@link PartitionSuspects#nameNone}. */
  void nameNone() {
    if (commits != null) {
      commits.nameNone();
    }
  }

  /** See {@link PartitionSuspects#ended}. */
  void blamed(List<Long> offsets, long nowSeconds) {
    if (commits != null) {
      commits.blamed(offsets, nowSeconds);
    }
  }

  /** See {@link PartitionSuspects#decide}. */
  void decided(long offset, boolean convicted) {
    if (commits != null) {
      commits.decided(offset, convicted);
    }
  }

  /** What a commit has to say of a failing record has changed. */
  void booked(FailureHistory history) {
    if (commits == null) {
      return;
    }
    if (history.isRecorded()) {
      commits.changed();
    } else {
      commits.changedUrgently();
    }
  }
}
