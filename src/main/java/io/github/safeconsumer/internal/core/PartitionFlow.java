package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.PauseReason;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Why one partition is not fetched, and how full its buffer is. Guarded by its partition, but for
 * {@link #pausedByUser}, which workers read without the lock.
 */
final class PartitionFlow {
  /** What a record costs besides its key, value and headers. */
  private static final int RECORD_OVERHEAD_BYTES = 100;

  /**
   * How many records beyond the watermark may be done: each of them is repeated, should the note in
   * the commit get lost.
   */
  private static final long MOST_AHEAD = 1_000_000;

  /** Beyond this share of its room the note could soon have to leave something out. */
  private static final double NOTE_FULL = 0.75;

  private static final int NOTE_FIXED = 48;
  private static final int RETRY_CHARS = 10;
  private static final int RANGE_CHARS = 3;
  private static final double NOTE_RELAXED = 0.5;

  private final EnumSet<PauseReason> reasons = EnumSet.of(PauseReason.ACQUIRE);
  private final PauseTimes times = new PauseTimes();
  private volatile boolean pausedByUser;
  private long bufferedBytes;
  private double noteShare;
  private int noteRoom = Integer.MAX_VALUE;
  private boolean full;

  boolean set(PauseReason reason, boolean paused) {
    if (!paused) {
      times.released(reason);
    }
    if (reason == PauseReason.USER) {
      pausedByUser = paused;
    }
    return paused ? reasons.add(reason) : reasons.remove(reason);
  }

  Set<PauseReason> reasons() {
    return Set.copyOf(reasons);
  }

  boolean isPaused() {
    return !reasons.isEmpty();
  }

  /** Since when, for each of them. */
  Map<PauseReason, Instant> since() {
    return times.since();
  }

  /** Takes note of since when. */
  void look(Instant now) {
    times.look(reasons, now);
  }

  boolean pausedByUser() {
    return pausedByUser;
  }

  void added(ConsumerRecord<byte[], byte[]> record) {
    bufferedBytes += sizeOf(record);
  }

  void removed(ConsumerRecord<byte[], byte[]> record) {
    bufferedBytes -= sizeOf(record);
  }

  void emptied() {
    bufferedBytes = 0;
  }

  long bufferedBytes() {
    return bufferedBytes;
  }

  /** How much of its room the note of the last commit took. */
  void noteShare(double share) {
    noteShare = share;
  }

  /** How many characters a note may take. */
  void noteRoom(int chars) {
    noteRoom = chars;
  }

  /**
   * Whether the note could name what one more record may add to it: a rough guess, made at every
   * start, of what the next commit will find out.
   */
  boolean hasNoteRoom(int failing, int ranges) {
    return failing == 0
        || NOTE_FIXED + (long) failing * RETRY_CHARS + (long) ranges * RANGE_CHARS
            <= noteRoom * NOTE_FULL;
  }

  /** See {@link OwnedPartition#updateFull}. */
  boolean updateFull(
      int records,
      long ahead,
      boolean noteCanShrink,
      int capRecords,
      long capBytes,
      boolean tight) {
    double share = noteCanShrink ? noteShare : 0;
    boolean some = tight && records > 0;
    full =
        full
            ? some
                || records > capRecords / 2
                || bufferedBytes > capBytes / 2
                || ahead > MOST_AHEAD / 2
                || share > NOTE_RELAXED
            : some
                || records >= capRecords
                || bufferedBytes >= capBytes
                || ahead >= MOST_AHEAD
                || share >= NOTE_FULL;
    set(PauseReason.PARTITION_FULL, full);
    return full;
  }

  private static long sizeOf(ConsumerRecord<byte[], byte[]> record) {
    long size =
        RECORD_OVERHEAD_BYTES
            + Math.max(0, record.serializedKeySize())
            + (long) Math.max(0, record.serializedValueSize());
    for (Header header : record.headers().toArray()) { // for none it makes nothing
      size += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return size;
  }
}
