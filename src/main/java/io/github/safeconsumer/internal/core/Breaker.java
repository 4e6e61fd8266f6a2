package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.BreakerStatus.State;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.FailureAction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one scope: of the consumer, or of a downstream that handlers name. Pure:
 * time is an argument.
 *
 * <p>Each move raises the <b>era</b>. Whoever tries the downstream carries the era that he began
 * in, and one of an earlier era changes nothing: neither the state nor a count, so what was under
 * way when the breaker opened can neither keep it open nor close it. The permit of a probe is
 * nothing but the era of its HALF_OPEN: nobody else can have it, and it is void once it was given
 * back.
 *
 * <p>Concurrency: one lock, this object's, inside which nothing else is taken. A success in a
 * breaker that has nothing against it costs one volatile read.
 */
public final class Breaker {
  private static final Map<State, Set<State>> SUCCESSORS =
      Map.of(
          State.CLOSED, Set.of(State.OPEN),
          State.OPEN, Set.of(State.HALF_OPEN, State.CLOSED),
          State.HALF_OPEN, Set.of(State.CLOSED, State.OPEN));

  /** After a probe that did not take place: soon, but not within the same turn of the loop. */
  static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** What a failed attempt meant to the breaker. */
  public enum Effect {
    /** Nothing: the failure is the record's own case. */
    NONE,
    /** The breaker is open: the record waits for it, uncharged. */
    HELD,
    /** It began in an earlier era, in which the breaker was open or opened: uncharged. */
    OUTDATED
  }

  /**
   * What became of a failure.
   *
   * @param era in which it counts
   * @param heldNanos how long the record waits for it at least
   * @param charge shared by the failures of this record that may open the breaker; null where it is
   *     not one of them
   * @param change what it did to the breaker, or null
   */
  public record Verdict(
      Effect effect, int era, long heldNanos, @Nullable Charge charge, @Nullable Change change) {}

  /** A move, to be told once no lock is held. */
  public record Change(String scope, State from, State to, String reason, long openForNanos) {}

  /** A probe that may go: the era of its HALF_OPEN is its permit. */
  public record Probing(int permit, Change change) {}

  private final String scope;
  private final CircuitBreakerPolicy policy;
  private final Map<Object, Charge> ambiguous = new LinkedHashMap<>();

  private volatile State state = State.CLOSED;
  private volatile int era;

  /** Whether a success has anything to change. */
  private volatile boolean suspicious;

  private volatile boolean forced;
  private volatile long probeAt;
  private volatile List<Charge> refunds = List.of();
  private int outages;
  private int openings;
  private long openForNanos;
  private long openedNanos;
  private long probes;

  public Breaker(String scope, CircuitBreakerPolicy policy) {
    this.scope = scope;
    this.policy = policy;
  }

  public String scope() {
    return scope;
  }

  /** The number of this stretch between two moves. Read before looking whether it is closed. */
  public int era() {
    return era;
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  public boolean isHalfOpen() {
    return state == State.HALF_OPEN;
  }

  /** Whether a probe may be let through now. */
  public boolean isProbeDue(long nowNanos) {
    return state == State.OPEN && !forced && nowNanos - probeAt >= 0;
  }

  /** How long until the next probe may be let through, at most the limit; 0 when it may now. */
  public long nanosToProbe(long nowNanos, long limit) {
    return state == State.OPEN && !forced
        ? Math.max(0, Math.min(limit, probeAt - nowNanos))
        : limit;
  }

  /** An attempt that began in this era succeeded. */
  public @Nullable Change succeeded(int begunEra, long nowNanos) {
    return suspicious ? settle(begunEra, true, nowNanos) : null;
  }

  private synchronized @Nullable Change settle(int begunEra, boolean success, long nowNanos) {
    if (begunEra != era || state == State.OPEN) {
      return null;
    }
    Change change =
        state == State.HALF_OPEN
            ? moveTo(State.CLOSED, success ? "a probe succeeded" : "a probe was answered", nowNanos)
            : null;
    outages = 0;
    ambiguous.clear();
    if (success) {
      openings = 0; // else the next opening goes on with the growth
    }
    suspicious = openings > 0;
    return change;
  }

  /**
   * An attempt that began in this era failed.
   *
   * @param record tells records apart
   */
  public Verdict failed(int begunEra, FailureAction action, Object record, long nowNanos) {
    return switch (action) {
      case OUTAGE, RETRY -> counts(begunEra, action, record, nowNanos);
      case DEAD_LETTER, SKIP, STOP -> {
        Change change = suspicious ? settle(begunEra, false, nowNanos) : null;
        yield new Verdict(Effect.NONE, begunEra, 0, null, change);
      }
    };
  }

  private synchronized Verdict counts(
      int begunEra, FailureAction action, Object record, long nowNanos) {
    if (begunEra != era || state == State.OPEN) {
      Effect effect = state == State.CLOSED ? Effect.OUTDATED : Effect.HELD;
      return new Verdict(effect, era, 0, null, null);
    }
    if (state == State.HALF_OPEN) {
      long waited = openForNanos;
      Change change = open("the probe failed", nowNanos);
      return new Verdict(Effect.HELD, era, waited, null, change);
    }
    if (policy.isOff()) {
      return new Verdict(Effect.NONE, era, 0, null, null);
    }
    suspicious = true;
    Charge charge = null;
    if (action == FailureAction.OUTAGE) {
      outages++;
    } else {
      outages = 0; // it may have answered
      charge = ambiguous.computeIfAbsent(record, any -> new Charge());
    }
    if (Math.max(outages, ambiguous.size()) < policy.failures()) {
      return new Verdict(Effect.NONE, era, 0, charge, null);
    }
    Change change =
        open(
            outages >= policy.failures()
                ? outages + " outages in a row"
                : ambiguous.size() + " different records failed in a row",
            nowNanos);
    return new Verdict(Effect.HELD, era, 0, null, change);
  }

  private synchronized Change open(String reason, long nowNanos) {
    openings++;
    openForNanos = policy.firstOpen().toNanos();
    long cap = policy.longestOpen().toNanos();
    for (int i = 1; i < openings && openForNanos < cap; i++) {
      openForNanos = Math.min(cap, 2 * openForNanos);
    }
    return moveTo(State.OPEN, reason, nowNanos);
  }

  /**
   * Lets one probe through.
   *
   * @return null when none may go now
   */
  public synchronized @Nullable Probing probe(long nowNanos) {
    if (!isProbeDue(nowNanos)) {
      return null;
    }
    probes++;
    Change change = moveTo(State.HALF_OPEN, "the open time is over: one probe", nowNanos);
    return new Probing(era, change);
  }

  /**
   * The permit of this era comes back: its probe did not take place.
   *
   * @return null when it is void already
   */
  public @Nullable Change giveBack(int permit, String why, long nowNanos) {
    return giveBack(permit, why, AGAIN_NANOS, nowNanos);
  }

  /** The permit of this era comes back: its probe took place and says nothing of the downstream. */
  public @Nullable Change undecided(int permit, String why, long nowNanos) {
    return state == State.HALF_OPEN
        ? giveBack(permit, why, policy.firstOpen().toNanos(), nowNanos)
        : null;
  }

  private synchronized @Nullable Change giveBack(
      int permit, String why, long waitNanos, long nowNanos) {
    if (state != State.HALF_OPEN || permit != era) {
      return null;
    }
    Change change = moveTo(State.OPEN, why, nowNanos);
    probeAt = nowNanos + waitNanos;
    return new Change(scope, change.from(), change.to(), why, waitNanos);
  }

  /** Nobody knows what became of the probe of this era: it counts as failed. */
  public synchronized @Nullable Change gaveUp(int permit, String why, long nowNanos) {
    return state == State.HALF_OPEN && permit == era ? open(why, nowNanos) : null;
  }

  /** Nothing goes through, no probe either, until {@link #close}. */
  public synchronized @Nullable Change forceOpen(long nowNanos) {
    forced = true;
    suspicious = true;
    return state == State.OPEN ? null : moveTo(State.OPEN, "openBreaker() was called", nowNanos);
  }

  /** Everything goes through, and nothing is held against the downstream any more. */
  public synchronized @Nullable Change close(long nowNanos) {
    Change change =
        state == State.CLOSED ? null : moveTo(State.CLOSED, "closeBreaker() was called", nowNanos);
    outages = 0;
    ambiguous.clear();
    openings = 0;
    suspicious = false;
    return change;
  }

  /** Whether openBreaker() holds it open. */
  public boolean isForced() {
    return forced;
  }

  /** The one way to move. */
  private synchronized Change moveTo(State next, String reason, long nowNanos) {
    State before = state;
    if (!SUCCESSORS.getOrDefault(before, Set.of()).contains(next)) {
      throw new IllegalStateException(
          "breaker " + scope + ": " + before + " cannot become " + next);
    }
    if (before == State.CLOSED) {
      openedNanos = nowNanos;
    }
    if (next == State.OPEN) {
      probeAt = nowNanos + openForNanos;
      ambiguous.values().forEach(Charge::refund);
      List<Charge> all = new ArrayList<>(refunds);
      all.addAll(ambiguous.values());
      refunds = List.copyOf(all);
      ambiguous.clear();
      outages = 0;
    } else if (next == State.CLOSED) {
      forced = false;
    }
    era++;
    state = next;
    return new Change(
        scope, before, next, reason, next == State.OPEN && !forced ? openForNanos : 0);
  }

  /** What was charged in the row that opened it, and is not any more. Each is given out once. */
  public List<Charge> takeRefunds() {
    if (refunds.isEmpty()) {
      return List.of();
    }
    synchronized (this) {
      List<Charge> taken = refunds;
      refunds = List.of();
      return taken;
    }
  }

  /** For a status: empty for a breaker that is off and was not opened by hand. */
  public synchronized Optional<BreakerStatus> status(long nowNanos, Instant now, int parked) {
    if (policy.isOff() && state == State.CLOSED) {
      return Optional.empty();
    }
    boolean open = state != State.CLOSED;
    return Optional.of(
        new BreakerStatus(
            scope,
            state,
            forced,
            Math.max(outages, ambiguous.size()),
            open ? openings : 0,
            open
                ? Optional.of(now.minus(Duration.ofNanos(Math.max(0, nowNanos - openedNanos))))
                : Optional.empty(),
            state == State.OPEN && !forced
                ? Optional.of(now.plus(Duration.ofNanos(probeAt - nowNanos)))
                : Optional.empty(),
            parked,
            probes));
  }
}
