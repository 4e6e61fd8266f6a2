package io.github.safeconsumer.internal.core;

import org.jspecify.annotations.Nullable;

/**
 * What of a partition was polled and not handed to a lane yet: the end of the ledger's list of open
 * records. Not thread-safe: its partition guards it.
 */
final class Backlog {
  private static final int MOST_LOOKED_AT = 1_000;

  private final Lanes lanes;
  private final Share share;
  private @Nullable OpenRecord first;
  private int size;

  Backlog(Lanes lanes, Share share) {
    this.lanes = lanes;
    this.share = share;
  }

  /** A record was polled. */
  void add(OpenRecord record) {
    if (first == null) {
      first = record;
    }
    size++;
  }

  boolean isEmpty() {
    return first == null;
  }

  /** The offset of its first record; with none, the next one to be polled. */
  long start(long next) {
    OpenRecord oldest = first;
    return oldest == null ? next : oldest.offset();
  }

  /**
   * Hands records to their lanes, as many as are granted, where the lanes run short.
   *
   * @param byLoop whether it is the loop that asks
   * @param committing what earlier owners went through with a record comes from there
   */
  void admit(boolean byLoop, CommitState committing) {
    if (size == 0 || !share.isShort(lanes) || lanes.isBlocked()) {
      return;
    }
    int enough = lanes.activeRecords() + share.admit(lanes, size, byLoop);
    OpenRecord record = first;
    // What comes behind a record that waits does not count: it is no work before that one is done.
    while (record != null && lanes.activeRecords() < enough) {
      OpenRecord after = record.later;
      committing.inherit(record);
      lanes.add(record);
      size--;
      record = after;
    }
    first = record;
  }

  /**
   * Hands records to their lanes until one more can be taken, however many these hold already,
   * where the budget lets it: while the breaker is open nothing else starts, and the ones that are
   * in lanes may all fail for reasons of their own.
   */
  void admitAnother(CommitState committing) {
    int before = lanes.readyLanes();
    for (int i = 0; i < MOST_LOOKED_AT && lanes.readyLanes() <= before && !lanes.isBlocked(); i++) {
      OpenRecord record = first;
      if (record == null || !share.admitAnother(lanes)) {
        return;
      }
      first = record.later;
      committing.inherit(record);
      lanes.add(record);
      size--;
    }
  }

  /** The ownership is over. */
  void clear() {
    first = null;
    size = 0;
    share.settle(0);
  }
}
