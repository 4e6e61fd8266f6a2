package io.github.safeconsumer.internal.core;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What can be away as a whole: everything that the consumer's handler needs, or one downstream that
 * it names. Its breaker, what speaks for and against an outage of it, and the lanes that wait for
 * it by name.
 *
 * <p>Concurrency: the lanes are guarded by this object's lock, inside which nothing but the
 * breaker's is taken.
 */
public final class Scope {
  /** How long the record that was let go to probe has to come by before another one is. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Breaker breaker;
  private final OutageEvidence evidence;
  private final Set<Lane> parked = new LinkedHashSet<>();
  private @Nullable Lane sent;
  private long sentNanos;
  private volatile @Nullable Holder holder;

  /** Whose call is the probe with this permit. */
  record Holder(int permit, Attempt attempt) {}

  Scope(Breaker breaker) {
    this(breaker, new OutageEvidence());
  }

  Scope(Breaker breaker, OutageEvidence evidence) {
    this.breaker = breaker;
    this.evidence = evidence;
  }

  public Breaker breaker() {
    return breaker;
  }

  public OutageEvidence evidence() {
    return evidence;
  }

  /** The last one; null before the first. */
  @Nullable Holder holder() {
    return holder;
  }

  void holder(Holder next) {
    holder = next;
  }

  /** The lane is WAITING for this scope. */
  public synchronized void park(Lane lane) {
    parked.add(lane);
    if (sent == lane) {
      sent = null;
    }
  }

  public synchronized int parked() {
    parked.removeIf(lane -> lane.partition().isEnded());
    return parked.size();
  }

  /** The lanes that need not wait any more: all when it is closed, one when a probe is due. */
  public synchronized List<Lane> takeReleased(long nowNanos) {
    if (parked.isEmpty()) {
      return List.of();
    }
    parked.removeIf(lane -> lane.partition().isEnded());
    List<Lane> released = new ArrayList<>();
    if (breaker.isClosed()) {
      released.addAll(parked);
      parked.clear();
      sent = null;
    } else if (breaker.isProbeDue(nowNanos) && !parked.isEmpty() && !isUnderWay(nowNanos)) {
      Lane first = parked.iterator().next(); // whoever was sent last stands last
      parked.remove(first);
      released.add(first);
      sent = first;
      sentNanos = nowNanos;
    }
    return released;
  }

  private boolean isUnderWay(long nowNanos) {
    Lane lane = sent;
    return lane != null && !lane.partition().isEnded() && nowNanos - sentNanos < PATIENCE_NANOS;
  }

  /** How long until {@link #takeReleased} has something to say, at most the limit. */
  public synchronized long nanosToRelease(long nowNanos, long limit) {
    if (parked.isEmpty()) {
      return limit;
    }
    if (breaker.isClosed()) {
      return 0;
    }
    long patience = isUnderWay(nowNanos) ? sentNanos + PATIENCE_NANOS - nowNanos : 0;
    return Math.min(limit, Math.max(patience, breaker.nanosToProbe(nowNanos, limit)));
  }
}
