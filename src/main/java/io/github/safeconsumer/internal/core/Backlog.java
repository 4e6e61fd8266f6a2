package io.github.safeconsumer.internal.core;

import org.jspecify.annotations.Nullable;

/**
 * What of a partition was polled and not handed to a lane yet: the end of the ledger's list of open
 * records. Not thread-safe: its partition guards it.
 */
final class Backlog {
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
    OpenRecord record = first;
    for (int left = share.admit(lanes, size, byLoop); left > 0 && record != null; left--) {
      OpenRecord after = record.later;
      committing.inherit(record);
      lanes.add(record);
      size--;
      record = after;
    }
    first = record;
  }

  /** The ownership is over. */
  void clear() {
    first = null;
    size = 0;
    share.settle(lanes, 0);
  }
}
