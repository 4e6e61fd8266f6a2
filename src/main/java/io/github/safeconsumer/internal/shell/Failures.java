package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.HandlerTimeoutException;
import io.github.safeconsumer.RetryAfter;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.Decision;
import io.github.safeconsumer.internal.core.FailureClassifier;
import io.github.safeconsumer.internal.core.FailureHistory;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.RetryQueue;
import io.github.safeconsumer.internal.core.RetryRules;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.core.Scope;
import io.github.safeconsumer.internal.core.Spending;
import io.github.safeconsumer.internal.core.Standing;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a failed attempt: classifies it, books it and acts.
 *
 * <p>Concurrency: a record's {@link FailureHistory} is changed only by whoever has its lane: the
 * worker while RUNNING, the loop while WAITING. The lane's phase moves between them under the
 * partition's lock.
 */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  private static final int STACK_CHARS = 8_000;

  private final Judge judge;
  private final RetryRules rules;
  private final Breakers breakers;
  private final Spending spending;
  private final RetryQueue waiting;
  private final Burials burials;
  private final FatalSignal fatal;
  private final Events events;
  private final Counters counters;
  private final Time time;
  private final DoubleSupplier random;
  private volatile boolean outOfMemory;

  Failures(
      Judge judge,
      RetryRules rules,
      Breakers breakers,
      Spending spending,
      RetryQueue waiting,
      Burials burials,
      FatalSignal fatal,
      Events events,
      Counters counters,
      Time time,
      DoubleSupplier random) {
    this.judge = judge;
    this.rules = rules;
    this.breakers = breakers;
    this.spending = spending;
    this.waiting = waiting;
    this.burials = burials;
    this.fatal = fatal;
    this.events = events;
    this.counters = counters;
    this.time = time;
    this.random = random;
  }

  /** True once a handler ran out of memory: the process may be damaged in ways no retry mends. */
  boolean sawOutOfMemory() {
    return outOfMemory;
  }

  /**
   * An attempt failed.
   *
   * @return true when the record is done all the same (skipped) and its lane still the worker's
   */
  boolean failed(Attempt attempt, Throwable thrown, boolean deserializing) {
    OwnedPartition partition = attempt.partition();
    Throwable failure = FailureClassifier.unwrap(thrown);
    Scope away = breakers.parking(failure);
    if (away != null) {
      park(attempt, away);
      return false;
    }
    FailureHistory history = partition.work().historyFor(attempt);
    if (history == null) { // the ownership ended: the next owner runs the record again
      forget(attempt);
      return false;
    }
    counters.attemptsFailed.increment();
    if (thrown instanceof OutOfMemoryError) {
      outOfMemory = true;
    }
    FailureAction action = judge.classify(failure, deserializing);
    history.failedWith(failure);
    spending.prevented(rules.prevented(history, attempt.begunNanos()));
    Standing standing = breakers.failed(attempt, action, failure, deserializing, time.nanos());
    Decision decision =
        rules.failed(
            history,
            attempt.lane(),
            action,
            hopeless(failure, deserializing),
            retryAfter(failure),
            attempt.begunNanos(),
            time.nanos(),
            time.millis(),
            random.getAsDouble(),
            standing);
    if (decision instanceof Decision.Retry retry) {
      told(attempt, action, retry.charged(), retry.delayNanos(), failure);
      await(attempt, retry.delayNanos());
      return false;
    }
    if (decision instanceof Decision.Hold hold) {
      hold(attempt, action, hold, failure);
      return false;
    }
    rules.ended(history);
    if (decision instanceof Decision.Bury bury) {
      burials.bury(attempt, history, bury.reason());
      return false;
    }
    if (decision instanceof Decision.Skip) {
      return skip(attempt, failure);
    }
    partition.work().park(attempt, Lane.Phase.HELD);
    fatal.raiseForUser(
        "the action STOP for " + partition.topicPartition() + "@" + attempt.record().offset(),
        failure);
    return false;
  }

  /**
   * A record that failed under an earlier owner goes on where that one was: with the dead letter
   * that is owed, without another attempt, or with the back-off before the next one.
   *
   * @return true when the attempt does not take place (now), and the lane is not the caller's
   */
  boolean goesOn(Attempt attempt) {
    FailureHistory past = attempt.history();
    if (past == null) {
      return false;
    }
    if (past.fate().owesDeadLetter()) {
      burials.bury(attempt, past, Burials.reason(past.fate()));
      return true;
    }
    return past.takeWait() && await(attempt, rules.delayNanos(past, random.getAsDouble()));
  }

  /** A handler threw for a whole batch: nobody is charged, its records come again one by one. */
  void batchFailed(List<Attempt> batch, Throwable thrown) {
    counters.attemptsFailed.increment();
    if (thrown instanceof OutOfMemoryError) {
      outOfMemory = true;
    }
    Attempt first = batch.get(0);
    events.emit(
        new SafeConsumerEvent.BatchFailed(
            events.now(),
            first.partition().topicPartition(),
            first.record().offset(),
            batch.size(),
            SafeThrowables.className(FailureClassifier.unwrap(thrown))));
  }

  private boolean await(Attempt attempt, long delayNanos) {
    boolean parked = attempt.partition().work().park(attempt, Lane.Phase.WAITING);
    if (parked) {
      waiting.add(attempt.lane(), time.nanos() + delayNanos);
    }
    return parked;
  }

  /** The record waits for a breaker: behind the gate, or in the scope that it named. */
  private void hold(Attempt attempt, FailureAction action, Decision.Hold hold, Throwable failure) {
    Scope scope = hold.scope();
    long open = scope.breaker().nanosToProbe(time.nanos(), Long.MAX_VALUE);
    told(
        attempt,
        action,
        hold.charged(),
        Math.max(hold.delayNanos(), open == Long.MAX_VALUE ? 0 : open),
        failure);
    if (scope == breakers.consumer() || hold.delayNanos() > 0) {
      await(attempt, hold.delayNanos());
    } else if (attempt.partition().work().park(attempt, Lane.Phase.WAITING)) {
      scope.park(attempt.lane());
    }
  }

  /** The downstream that the handler asked for is away: as if the attempt had not been made. */
  private void park(Attempt attempt, Scope scope) {
    breakers.undecided(attempt, "the probe waits for " + scope.breaker().scope(), time.nanos());
    if (attempt.partition().work().park(attempt, Lane.Phase.WAITING)) {
      scope.park(attempt.lane());
    } else {
      forget(attempt);
    }
  }

  /** Its ownership is over: whatever was held against an outage for it is not any more. */
  private void forget(Attempt attempt) {
    FailureHistory past = attempt.history();
    if (past != null) {
      rules.ended(past);
    }
  }

  private void told(
      Attempt attempt, FailureAction action, boolean charged, long delayNanos, Throwable failure) {
    events.emit(
        new SafeConsumerEvent.RetryScheduled(
            events.now(),
            attempt.partition().topicPartition(),
            attempt.record().offset(),
            attempt.attempt(),
            action,
            charged,
            SafeThrowables.className(failure),
            Duration.ofNanos(delayNanos)));
  }

  private boolean skip(Attempt attempt, Throwable failure) {
    if (!attempt.partition().work().succeeded(attempt)) {
      return false;
    }
    counters.skipped.increment();
    events.emit(
        new SafeConsumerEvent.Skipped(
            events.now(),
            attempt.partition().topicPartition(),
            attempt.record().offset(),
            SafeThrowables.className(failure)));
    return true;
  }

  /** A waiting lane is due. True when it is READY, and a worker may take it. */
  boolean due(Lane lane) {
    return lane.partition().stopped().shift(lane, Lane.Phase.WAITING, Lane.Phase.READY);
  }

  /**
   * The library itself failed on this lane: nothing may be lost for it, so the lane holds, loudly.
   */
  void holdAfterBug(Lane lane, Throwable bug) {
    OwnedPartition partition = lane.partition();
    long offset = partition.stopped().hold(lane, "an unexpected " + SafeThrowables.className(bug));
    LOG.error(
        "record={}@{} problem=\"a defect of the library: its lane holds, other partitions go on; please report it\"\n{}",
        partition.topicPartition(),
        offset,
        SafeThrowables.stack(bug, STACK_CHARS));
    events.emit(
        new SafeConsumerEvent.Blocked(
            events.now(),
            partition.topicPartition(),
            offset,
            "an unexpected " + SafeThrowables.className(bug),
            "restart the consumer; if it comes again, report the log line"));
  }

  /** A deserializer could not be made. */
  void cannotDecode(Throwable thrown) {
    fatal.raiseForUser(
        "a deserializer could not be created: " + SafeThrowables.className(thrown), thrown);
  }

  private static DeadLetter.Reason hopeless(Throwable failure, boolean deserializing) {
    if (failure instanceof HandlerTimeoutException) {
      return DeadLetter.Reason.HUNG;
    }
    return deserializing ? DeadLetter.Reason.UNDESERIALIZABLE : DeadLetter.Reason.NON_RETRYABLE;
  }

  private static @Nullable Duration retryAfter(Throwable failure) {
    if (!(failure instanceof RetryAfter carrier)) {
      return null;
    }
    try {
      return carrier.retryAfter();
    } catch (Throwable thrown) { // then the policy's own delay serves
      return null;
    }
  }
}
