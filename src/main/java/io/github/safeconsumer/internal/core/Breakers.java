package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.HandlerTimeoutException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The breakers of one consumer: its own, and one for each downstream that a handler named. Fed
 * here, so that the order is always the same: first the breaker, then what becomes of the record.
 * Thread-safe; outlives a suspend.
 */
public final class Breakers {
  /** The name of the consumer's own scope. */
  public static final String CONSUMER = "";

  /** So many downstreams can be named: a name for each record would be a leak. */
  static final int MOST_SCOPES = 100;

  private static final int LONGEST_NAME = 100;

  private final CircuitBreakerPolicy policy;
  private final LongSupplier nanos;
  private final Function<Throwable, FailureAction> judge;
  private final Consumer<Breaker.Change> told;
  private final Scope consumer;
  private final ConcurrentHashMap<String, Scope> named = new ConcurrentHashMap<>();

  /**
   * @param nanos the monotonic clock, for calls that a handler makes
   * @param judge what a failure of such a call means
   * @param told hears of each move, with no lock held
   */
  public Breakers(
      CircuitBreakerPolicy policy,
      LongSupplier nanos,
      Function<Throwable, FailureAction> judge,
      Consumer<Breaker.Change> told) {
    this.policy = policy;
    this.nanos = nanos;
    this.judge = judge;
    this.told = told;
    this.consumer = new Scope(new Breaker(CONSUMER, policy));
  }

  /** Breakers that never open by themselves. */
  public static Breakers off() {
    return new Breakers(
        CircuitBreakerPolicy.off(), () -> 0, thrown -> FailureAction.RETRY, change -> {});
  }

  public CircuitBreakerPolicy policy() {
    return policy;
  }

  /** The consumer's own scope. */
  public Scope consumer() {
    return consumer;
  }

  /** Those that were named so far. */
  public Collection<Scope> named() {
    return named.values();
  }

  /** The scope of this name; it is made when it is named first. */
  public Scope scope(String name) {
    if (name.equals(CONSUMER)) {
      return consumer;
    }
    Scope known = named.get(name);
    return known == null ? make(name) : known;
  }

  private synchronized Scope make(String name) {
    if (name.length() > LONGEST_NAME) {
      throw badName(name);
    }
    if (!named.containsKey(name) && named.size() >= MOST_SCOPES) {
      throw new IllegalStateException(
          "call(\""
              + name
              + "\", ..) would be downstream number "
              + (MOST_SCOPES + 1)
              + ": name downstreams, not records or keys");
    }
    return named.computeIfAbsent(name, any -> new Scope(new Breaker(name, policy)));
  }

  private static IllegalArgumentException badName(String name) {
    return new IllegalArgumentException(
        "the name of a downstream must have 1 to "
            + LONGEST_NAME
            + " characters, not "
            + name.length());
  }

  // ---- the consumer's own scope

  /** The attempt succeeded. */
  public void succeeded(Attempt attempt) {
    tell(consumer.breaker().succeeded(attempt.breakerEra(), attempt.leftNanos()));
  }

  /**
   * The attempt failed.
   *
   * @param failure unwrapped
   * @param deserializing whether the handler was not even called: then it says nothing of what the
   *     handler needs, unless what the deserializer needs is away
   */
  public Standing failed(
      Attempt attempt,
      FailureAction action,
      Throwable failure,
      boolean deserializing,
      long nowNanos) {
    Called called = attempt.calledAndFailed(failure);
    if (called != null) {
      undecided(attempt, "the probe failed at " + called.scope().breaker().scope(), nowNanos);
      boolean alone = called.scope().parked() == 0;
      return new Standing(called.scope(), called.verdict(), alone);
    }
    if (failure instanceof HandlerTimeoutException && !isAmbiguous(action)) {
      tell(
          consumer
              .breaker()
              .gaveUp(attempt.breakerEra(), "the probe did not end in time", nowNanos));
      return Standing.own(consumer); // it did not answer, whatever becomes of the record
    }
    if (deserializing && action != FailureAction.OUTAGE) {
      undecided(attempt, "the probe could not be deserialized", nowNanos);
      return Standing.own(consumer);
    }
    Breaker.Verdict verdict =
        consumer.breaker().failed(attempt.breakerEra(), action, attempt.identity(), nowNanos);
    tell(verdict.change());
    Probe probe = attempt.probe();
    return new Standing(consumer, verdict, probe != null && probe.isAlone());
  }

  private static boolean isAmbiguous(FailureAction action) {
    return action == FailureAction.OUTAGE || action == FailureAction.RETRY;
  }

  /** The attempt ended without saying anything of what the consumer's handler needs. */
  public void undecided(Attempt attempt, String why, long nowNanos) {
    tell(consumer.breaker().undecided(attempt.breakerEra(), why, nowNanos));
  }

  /** Passes on what a breaker did. */
  public void tell(Breaker.@Nullable Change change) {
    if (change != null) {
      told.accept(change);
    }
  }

  // ---- named scopes

  /** A call that failed, and what that meant to its scope. */
  record Called(Scope scope, Throwable thrown, Breaker.Verdict verdict, @Nullable Called before) {}

  /** See {@link io.github.safeconsumer.RecordContext#call}. */
  <T> T call(Attempt attempt, String name, Callable<T> call) throws Exception {
    if (name.isEmpty()) {
      throw badName(name);
    }
    Scope scope = scope(name);
    long begun = nanos.getAsLong();
    int era = enter(scope, attempt, begun);
    T result;
    try {
      result = call.call();
    } catch (Throwable thrown) {
      callFailed(scope, era, attempt, thrown);
      throw thrown;
    }
    if (result instanceof CompletionStage<?> stage) {
      stage.whenComplete(
          (value, thrown) -> {
            if (thrown == null) {
              callSucceeded(scope, era, begun);
            } else {
              callFailed(scope, era, attempt, FailureClassifier.unwrap(thrown));
            }
          });
    } else {
      callSucceeded(scope, era, begun);
    }
    return result;
  }

  /** The era of a call that may be made; where none may, it throws. */
  private int enter(Scope scope, Attempt attempt, long nowNanos) {
    Breaker breaker = scope.breaker();
    int era = breaker.era(); // before the look: see there
    if (breaker.isClosed()) {
      return era;
    }
    Scope.Holder holder = scope.holder();
    if (holder != null && holder.attempt().isGone()) {
      tell(breaker.giveBack(holder.permit(), "the probe was given up", nowNanos));
    }
    Breaker.Probing probing = breaker.probe(nowNanos);
    if (probing == null) {
      throw new BreakerOpenException(scope);
    }
    scope.holder(new Scope.Holder(probing.permit(), attempt));
    tell(probing.change());
    return probing.permit();
  }

  private void callSucceeded(Scope scope, int era, long begunNanos) {
    scope.evidence().succeeded(begunNanos);
    tell(scope.breaker().succeeded(era, nanos.getAsLong()));
  }

  private void callFailed(Scope scope, int era, Attempt attempt, Throwable thrown) {
    long now = nanos.getAsLong();
    if (attempt.cancelled() || parking(thrown) != null) {
      tell(scope.breaker().undecided(era, "the probe was given up", now));
      return;
    }
    FailureAction action = judge.apply(FailureClassifier.unwrap(thrown));
    Breaker.Verdict verdict = scope.breaker().failed(era, action, attempt.identity(), now);
    attempt.called(new Called(scope, thrown, verdict, attempt.called()));
    tell(verdict.change());
  }

  /** The scope that the attempt has to wait for; null where the failure is one. */
  public @Nullable Scope parking(Throwable failure) {
    for (Throwable t : FailureClassifier.chain(failure)) {
      if (t instanceof BreakerOpenException open) {
        return open.scope();
      }
    }
    return null;
  }

  // ---- what others look at

  /** All that are on, the consumer's first. */
  public List<BreakerStatus> status(Instant now) {
    long nowNanos = nanos.getAsLong();
    List<BreakerStatus> all = new ArrayList<>();
    consumer.breaker().status(nowNanos, now, 0).ifPresent(all::add);
    named.values().stream()
        .sorted(Comparator.comparing(scope -> scope.breaker().scope()))
        .forEach(
            scope -> scope.breaker().status(nowNanos, now, scope.parked()).ifPresent(all::add));
    return List.copyOf(all);
  }
}
