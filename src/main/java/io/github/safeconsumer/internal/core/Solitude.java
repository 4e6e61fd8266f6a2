package io.github.safeconsumer.internal.core;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A whole process for one record: while a partition has it, no record of any other starts, in any
 * consumer of the process. So a death meanwhile has one culprit.
 *
 * <p>Concurrency: whoever takes it and then passes through the locks of all other partitions once
 * ({@link #isQuiet}) knows that no further start can miss it. Starts read one volatile. A partition
 * whose ownership is over holds nobody up, so nothing depends on its giving it back. Until then it
 * does: while it is handed over, its note still says that its record runs alone.
 */
public final class Solitude {
  /** So that the other partitions get on, too. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<WeakReference<Assignment>> consumers = new ArrayList<>();
  private final List<Attempt> strays = new ArrayList<>();
  private volatile @Nullable OwnedPartition holder;
  private long takenAt;
  private long restUntil;
  private boolean rests;

  /** A consumer of this process; forgotten with it. */
  public synchronized void knows(Assignment consumer) {
    consumers.removeIf(one -> one.get() == null);
    consumers.add(new WeakReference<>(consumer));
  }

  /** Whether records of this partition may start. */
  boolean admits(OwnedPartition partition) {
    OwnedPartition one = holder;
    return one == null || one == partition || one.isEnded();
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

  /** The others may start again, for a quarter of the time for which they had to wait. */
  synchronized void release(OwnedPartition partition, long now) {
    if (holder == partition) {
      holder = null;
      rests = true;
      restUntil = now + Math.min(LONGEST_NANOS, Math.max(0, now - takenAt)) / 4;
    }
  }

  /**
   * These may still be in their handlers, for however long, and nobody waits for them: they were
   * abandoned, or outlived their ownership or even their consumer.
   */
  synchronized void leaves(Collection<Attempt> attempts) {
    strays.removeIf(Attempt::hasReturned);
    attempts.stream().filter(one -> !one.hasReturned()).forEach(strays::add);
  }

  /** Whether there are such, in the whole process: one of them may be what ends it. */
  synchronized boolean hasStrays() {
    strays.removeIf(Attempt::hasReturned);
    return !strays.isEmpty();
  }

  /** Whether nothing but this partition's records runs. No lock of a partition may be held. */
  boolean isQuiet(OwnedPartition partition) {
    List<WeakReference<Assignment>> all; // in the order in which they came
    synchronized (this) {
      all = List.copyOf(consumers);
    }
    for (WeakReference<Assignment> one : all) {
      Assignment consumer = one.get();
      if (consumer != null && !consumer.isQuietBut(partition)) {
        return false;
      }
    }
    return true;
  }
}
