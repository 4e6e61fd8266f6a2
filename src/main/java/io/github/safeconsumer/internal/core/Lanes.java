package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.Ordering;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of one partition that hold a record, and which of them a worker may take. A lane exists
 * only while it holds one. Not thread-safe: its partition guards it.
 */
@SuppressWarnings("EnumOrdinal") // an index into an array of this object, kept nowhere
final class Lanes {
  private static final int SEVERAL = Lane.Phase.values().length;

  private final OwnedPartition partition;
  private final Ordering ordering;
  private final KeyTable keys = new KeyTable();
  private final ArrayDeque<Lane> ready = new ArrayDeque<>();
  private final ArrayDeque<Lane> beyondLease = new ArrayDeque<>();

  /** READY, but their failures would not fit into the note beside the next commit. */
  private final ArrayDeque<Lane> crowded = new ArrayDeque<>();

  /** Those whose head failed or is held: few, and looked at one by one. */
  private final Set<Lane> troubled = new LinkedHashSet<>();

  /** Those that failed under an earlier owner, and are not the head of their lane here. */
  private final Set<OpenRecord> behind = new LinkedHashSet<>();

  private final int[] count = new int[SEVERAL];
  private @Nullable Lane single;
  private int readyRecords;
  private int readyAlone;
  private int postponedLanes;
  private int postponedRecords;
  private int runningRecords;

  Lanes(OwnedPartition partition, Ordering ordering) {
    this.partition = partition;
    this.ordering = ordering;
  }

  /** Puts a polled record behind those that it must not overtake. */
  void add(OpenRecord record) {
    Lane lane = laneFor(record.record.key());
    lane.append(record);
    if (lane.phase() == Lane.Phase.IDLE) {
      makeReady(lane, false);
    } else {
      readyRecords += lane.queued ? 1 : 0;
      postponedRecords += lane.postponed ? 1 : 0;
      runningRecords += lane.phase() == Lane.Phase.RUNNING ? 1 : 0;
    }
    if (record.inherited != null) {
      if (lane.head() == record) {
        troubled.add(lane);
      } else {
        behind.add(record);
      }
    }
  }

  private Lane laneFor(byte @Nullable [] key) {
    if (ordering == Ordering.PARTITION) {
      Lane only = single;
      if (only == null) {
        only = new Lane(partition, null, 0);
        single = only;
      }
      return only;
    }
    if (ordering == Ordering.UNORDERED || key == null) {
      return new Lane(partition, null, 0);
    }
    int hash = KeyTable.hash(key);
    Lane known = keys.get(key, hash);
    if (known == null) {
      known = new Lane(partition, key, hash);
      keys.put(known);
    }
    return known;
  }

  /** How many lanes a worker could take, were nothing to hold them back. */
  int readyLanes() {
    return ready.size();
  }

  /** How many lanes a worker has or could take, or could if it were not for the lease. */
  int activeLanes() {
    return ready.size() + postponedLanes + in(Lane.Phase.RUNNING);
  }

  /** Whether a worker has a lane, or could take one now. */
  boolean isAtWork() {
    return !ready.isEmpty() || in(Lane.Phase.RUNNING) > 0;
  }

  /** Whether there is one lane for all, and a worker has it or could take it. */
  boolean isServed() {
    Lane only = single;
    return only != null && (only.queued || only.phase() == Lane.Phase.RUNNING);
  }

  /** How many records these hold. */
  int activeRecords() {
    return readyRecords + postponedRecords + runningRecords;
  }

  /** Whether there is one lane for all, and no worker has it or could take it. */
  boolean isBlocked() {
    Lane only = single;
    return only != null && only.head() != null && !isServed();
  }

  /** How many records the lanes hold that a worker could take. */
  int readyRecords() {
    return readyRecords;
  }

  /** How many lanes a worker could take have a head that must be run alone. */
  int readyAlone() {
    return readyAlone;
  }

  /** How many records the longest lane of a key has; 0 where there are no keys. */
  int longest() {
    return keys.longest();
  }

  /** Whether lanes wait for the lease to be renewed. */
  boolean hasBeyondLease() {
    return !beyondLease.isEmpty();
  }

  /** Whether nothing but the lease keeps all workers from it. */
  boolean isStarving() {
    return hasBeyondLease() && !isAtWork();
  }

  /** The lane with the lowest head of those that a worker could take; null for none. */
  @Nullable Lane lowestStartable() {
    Lane lowest = null;
    for (Collection<Lane> some : List.of(ready, beyondLease)) {
      for (Lane lane : some) {
        OpenRecord head = lane.head();
        OpenRecord least = lowest == null ? null : lowest.head();
        if (head != null && (least == null || head.offset() < least.offset())) {
          lowest = lane;
        }
      }
    }
    return lowest;
  }

  /** The lowest heads that wait for the lease: the last of so many; -1 for none. */
  long lowestBeyondLease(long many) {
    long[] heads =
        beyondLease.stream()
            .map(Lane::head)
            .filter(Objects::nonNull)
            .mapToLong(OpenRecord::offset)
            .sorted()
            .limit(many)
            .toArray();
    return heads.length == 0 ? -1 : heads[heads.length - 1];
  }

  /**
   * Takes the next READY lane whose head is below the end of the lease; it is still READY, but not
   * queued.
   *
   * @param room whether a record that has not failed yet may start
   */
  @Nullable Lane takeReady(long leaseEnd, boolean room) {
    for (Lane lane = ready.pollFirst(); lane != null; lane = ready.pollFirst()) {
      unqueue(lane);
      OpenRecord head = lane.head();
      if (head == null || head.offset() >= leaseEnd || !partition.mayRun(head, lane.history)) {
        postpone(lane, beyondLease);
      } else if (!room && lane.history == null) {
        postpone(lane, crowded);
      } else {
        return lane;
      }
    }
    return null;
  }

  /** Takes this lane, if {@link #takeReady} could come to it; else null. */
  @Nullable Lane take(Lane lane, long leaseEnd, boolean room) {
    if (!lane.queued || !isStartable(lane, leaseEnd, room)) {
      return null;
    }
    ready.remove(lane);
    unqueue(lane);
    return lane;
  }

  private boolean isStartable(Lane lane, long leaseEnd, boolean room) {
    OpenRecord head = lane.head();
    return head != null
        && head.offset() < leaseEnd
        && partition.mayRun(head, lane.history)
        && (room || lane.history != null);
  }

  /** Heads that could start now, and those that wait for a back-off that nobody asked for. */
  List<Probe.Candidate> candidates(long leaseEnd, boolean room, long nowNanos) {
    List<Probe.Candidate> found = new ArrayList<>();
    for (Lane lane : ready) {
      OpenRecord head = lane.head();
      if (head != null && isStartable(lane, leaseEnd, room)) {
        found.add(candidate(lane, head, false));
      }
    }
    for (Lane lane : troubled) {
      FailureHistory history = lane.history;
      OpenRecord head = lane.head();
      if (lane.phase() == Lane.Phase.WAITING
          && history != null
          && head != null
          && history.isRecorded()
          && history.mayProbe(nowNanos)
          && isStartable(lane, leaseEnd, room)) {
        found.add(candidate(lane, head, true));
      }
    }
    if (found.isEmpty()) {
      Lane beyond = takeReady(leaseEnd, room); // what stands beyond the lease asks for its renewal
      if (beyond != null) {
        queue(beyond, true);
      }
    }
    return found;
  }

  private static Probe.Candidate candidate(Lane lane, OpenRecord head, boolean waiting) {
    FailureHistory history = lane.history;
    return new Probe.Candidate(lane, head, waiting, history == null ? 0 : history.failedProbes);
  }

  /** There is room again in the note. */
  void readmit() {
    for (Lane lane = crowded.pollLast(); lane != null; lane = crowded.pollLast()) {
      queue(lane, true);
    }
  }

  /** How many records a note has to name, of those that are polled. */
  int failing() {
    return troubled.size() + behind.size();
  }

  /** The lease was renewed, or a record named: what waited for it is ready again. */
  void leaseRenewed() {
    for (Lane lane = beyondLease.pollLast(); lane != null; lane = beyondLease.pollLast()) {
      queue(lane, true);
    }
  }

  /** It cannot start yet. What it holds stays admitted: it comes back all at once. */
  private void postpone(Lane lane, ArrayDeque<Lane> until) {
    until.addLast(lane);
    lane.postponed = true;
    postponedLanes++;
    postponedRecords += lane.size();
  }

  private void recall(Lane lane) {
    if (lane.postponed) {
      lane.postponed = false;
      postponedLanes--;
      postponedRecords -= lane.size();
    }
  }

  private void queue(Lane lane, boolean first) {
    recall(lane);
    lane.queued = true;
    lane.queuedAlone = lane.isAlone();
    readyAlone += lane.queuedAlone ? 1 : 0;
    readyRecords += lane.size();
    if (first) {
      ready.addFirst(lane);
    } else {
      ready.addLast(lane);
    }
  }

  private void unqueue(Lane lane) {
    lane.queued = false;
    readyAlone -= lane.queuedAlone ? 1 : 0;
    readyRecords -= lane.size();
  }

  /**
   * A lane that nobody has and that holds a record can be taken.
   *
   * @param first before the others: it was begun already
   */
  void makeReady(Lane lane, boolean first) {
    move(lane, Lane.Phase.READY);
    queue(lane, first);
  }

  /** A lane that nobody has any more: READY with a record, gone without. */
  void release(Lane lane, boolean first) {
    if (lane.head() != null) {
      makeReady(lane, first);
      return;
    }
    move(lane, Lane.Phase.IDLE);
    if (lane.key != null) {
      keys.remove(lane);
    }
  }

  /** The head of the lane is done. */
  OpenRecord removeHead(Lane lane) {
    OpenRecord done = lane.removeHead();
    runningRecords -= lane.phase() == Lane.Phase.RUNNING ? 1 : 0;
    if (lane.history == null) {
      if (!troubled.isEmpty()) {
        troubled.remove(lane);
      }
    } else {
      troubled.add(lane);
      behind.remove(lane.head());
    }
    return done;
  }

  void move(Lane lane, Lane.Phase next) {
    leaves(lane);
    lane.moveTo(next);
    enters(lane);
    if (next == Lane.Phase.HELD) {
      troubled.add(lane);
    }
  }

  /** See {@link Lane#forceHeld}. */
  void hold(Lane lane) {
    if (lane.queued) {
      ready.remove(lane);
      unqueue(lane);
    }
    beyondLease.remove(lane);
    crowded.remove(lane);
    recall(lane);
    leaves(lane);
    lane.forceHeld();
    enters(lane);
    troubled.add(lane);
  }

  private void leaves(Lane lane) {
    count[lane.phase().ordinal()]--;
    runningRecords -= lane.phase() == Lane.Phase.RUNNING ? lane.size() : 0;
  }

  private void enters(Lane lane) {
    count[lane.phase().ordinal()]++;
    runningRecords += lane.phase() == Lane.Phase.RUNNING ? lane.size() : 0;
  }

  /** How many lanes are in this phase; of no meaning for IDLE. */
  int in(Lane.Phase phase) {
    return count[phase.ordinal()];
  }

  /** The lane's head failed: it is looked after until it is done. */
  void troubled(Lane lane) {
    troubled.add(lane);
  }

  /** Lanes whose head failed or is held. */
  Collection<Lane> troubled() {
    return troubled;
  }

  /** Records that failed under an earlier owner and are not the head of their lane here. */
  Collection<OpenRecord> behind() {
    return behind;
  }

  /** The ownership is over. */
  void clear() {
    for (Lane lane : troubled) {
      FailureHistory history = lane.history;
      if (history != null && lane.phase() != Lane.Phase.RUNNING) {
        history.forgetOutage(); // a running one's worker does it
      }
    }
    ready.clear();
    beyondLease.clear();
    crowded.clear();
    troubled.clear();
    behind.clear();
    readyRecords = 0;
    readyAlone = 0;
    postponedLanes = 0;
    postponedRecords = 0;
    runningRecords = 0;
  }
}
