package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.PauseReason;
import java.util.EnumSet;
import java.util.Set;

/**
 * Why no record of the whole consumer may start. The set of reasons is one value: paused means it
 * is not empty, so state and reasons can never disagree. A reason is released only by its owner.
 *
 * <p>Concurrency: changed under the lock of this object, read by workers as one volatile inside
 * their partition's critical section (see {@link PartitionWork#begin}). A pauser sets the reason,
 * then enters and leaves each owned partition's critical section once: after that, every start that
 * did not see the reason has happened, and no further one can.
 */
public final class PauseGate {
  private volatile Set<PauseReason> reasons = Set.of();
  private volatile boolean stopped;

  /** Sets a reason. True when it was not set. */
  public synchronized boolean close(PauseReason reason) {
    EnumSet<PauseReason> changed = copy();
    boolean added = changed.add(reason);
    reasons = Set.copyOf(changed);
    return added;
  }

  /** Releases a reason. True when it was set. */
  public synchronized boolean open(PauseReason reason) {
    EnumSet<PauseReason> changed = copy();
    boolean removed = changed.remove(reason);
    reasons = Set.copyOf(changed);
    return removed;
  }

  /** For good: the consumer is closing or has failed. */
  public void stop() {
    stopped = true;
  }

  /** Whether no record may start now. */
  public boolean isClosed() {
    return stopped || !reasons.isEmpty();
  }

  /** Whether someone wants the consumer paused (a stopped one is not paused). */
  public boolean isPaused() {
    return !reasons.isEmpty();
  }

  public Set<PauseReason> reasons() {
    return reasons;
  }

  private EnumSet<PauseReason> copy() {
    EnumSet<PauseReason> all = EnumSet.noneOf(PauseReason.class);
    all.addAll(reasons);
    return all;
  }
}
