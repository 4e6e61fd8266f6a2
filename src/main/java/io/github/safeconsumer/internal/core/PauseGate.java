package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.PauseReason;
import java.util.EnumSet;
import java.util.Set;

/**
 * Why no record of the whole consumer may start. The set of reasons is one value: paused means it
 * is not empty, so state and reasons can never disagree. A reason is released only by its owner.
 * BREAKER is not kept here but is the state of the consumer's breaker itself: so no order in which
 * it opens and closes can leave the gate behind.
 *
 * <p>Concurrency: changed under the lock of this object, read by workers as one volatile inside
 * their partition's critical section (see {@link PartitionWork#begin}). A pauser sets the reason,
 * then enters and leaves each owned partition's critical section once: after that, every start that
 * did not see the reason has happened, and no further one can.
 */
public final class PauseGate {
  private volatile Set<PauseReason> reasons = Set.of();
  private volatile boolean stopped;
  private final Breaker breaker;

  /** A gate that no breaker closes. */
  public PauseGate() {
    this(Breakers.off().consumer().breaker());
  }

  /**
   * @param breaker of the consumer
   */
  public PauseGate(Breaker breaker) {
    this.breaker = breaker;
  }

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

  /** Whether no record may start now, but for the probe of an open breaker. */
  public boolean isClosed() {
    return !isBreakerClosed() || isClosedToProbes();
  }

  /** Whether the consumer's breaker lets everything through. */
  boolean isBreakerClosed() {
    return breaker.isClosed();
  }

  /** Whether the consumer's breaker waits for a probe to begin. */
  boolean isProbeDue(long nowNanos) {
    return breaker.isProbeDue(nowNanos);
  }

  /** Whether no record may start now, and no probe either. */
  public boolean isClosedToProbes() {
    return stopped || !reasons.isEmpty();
  }

  /** The era of the consumer's breaker, to be read before looking whether the gate is closed. */
  int breakerEra() {
    return breaker.era();
  }

  /** Whether this is the probe that may pass now. */
  boolean lets(Probe probe) {
    return breaker.isHalfOpen() && breaker.era() == probe.permit() && !isClosedToProbes();
  }

  /** Whether someone wants the consumer paused (a stopped one is not paused). */
  public boolean isPaused() {
    return !reasons.isEmpty() || !breaker.isClosed();
  }

  public Set<PauseReason> reasons() {
    Set<PauseReason> kept = reasons;
    if (breaker.isClosed()) {
      return kept;
    }
    EnumSet<PauseReason> all = EnumSet.of(PauseReason.BREAKER);
    all.addAll(kept);
    return Set.copyOf(all);
  }

  private EnumSet<PauseReason> copy() {
    EnumSet<PauseReason> all = EnumSet.noneOf(PauseReason.class);
    all.addAll(reasons);
    return all;
  }
}
