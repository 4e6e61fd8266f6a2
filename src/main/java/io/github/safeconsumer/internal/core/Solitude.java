package io.github.safeconsumer.internal.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A whole process for one record: while a partition has it, no record of any other starts, in any
 * consumer of the process. So a death meanwhile has one culprit.
 *
 * <p>Concurrency: whoever takes it and then passes through the locks of all other partitions once
 * ({@link #isQuiet}) knows that no further start can miss it. Starts read one volatile. A partition
 * that is not at work any more holds nobody up, so nothing depends on its giving it back.
 */
public final class Solitude {
  /** So that the other partitions get on, too. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Set<Assignment> consumers = Collections.newSetFromMap(new WeakHashMap<>());
  private volatile @Nullable OwnedPartition holder;
  private long takenAt;
  private long restUntil;
  private boolean rests;

  /** A consumer of this process; forgotten with it. */
  public synchronized void knows(Assignment consumer) {
    consumers.add(consumer);
  }

  /** Whether records of this partition may start. */
  boolean admits(OwnedPartition partition) {
    OwnedPartition one = holder;
    return one == null || one == partition || one.stage() != OwnedPartition.Stage.ACTIVE;
  }

  /** True when it is the partition's, now or since before. */
  synchronized boolean tryTake(OwnedPartition partition, long now) {
    OwnedPartition one = holder;
    if (one == partition) {
      return true;
    }
    if (!admits(partition) || (rests && restUntil - now > 0)) {
      return false;
    }
    holder = partition;
    takenAt = now;
    return true;
  }

  /** Whether it was had for long enough, for now. */
  synchronized boolean isLongEnough(OwnedPartition partition, long now) {
    return holder == partition && now - takenAt >= LONGEST_NANOS;
  }

  /** The others may start again, for as long as they had to wait. */
  synchronized void release(OwnedPartition partition, long now) {
    if (holder == partition) {
      holder = null;
      rests = true;
      restUntil = now + Math.min(LONGEST_NANOS, Math.max(0, now - takenAt));
    }
  }

  /** Whether nothing but this partition's records runs. No lock of a partition may be held. */
  boolean isQuiet(OwnedPartition partition) {
    List<Assignment> all;
    synchronized (this) {
      all = new ArrayList<>(consumers);
    }
    for (Assignment consumer : all) {
      if (!consumer.isQuietBut(partition)) {
        return false;
      }
    }
    return true;
  }
}
