package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.HandlerTimeoutException;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.BatchCall;
import io.github.safeconsumer.internal.core.HandlerCall;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the calls of the handler that run, at every tick: reports what is slow, interrupts what
 * is past its deadline, and gives up what does not end for that. Runs no user code on the ticker's
 * thread; who may call it is one thread at a time.
 */
final class Watchdog {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final Duration SLOW = Duration.ofMinutes(1);
  private static final Duration NEVER_SLOW = Duration.ofSeconds(1);
  private static final long LONGEST_TICK_MILLIS = 200;
  private static final long SHORTEST_TICK_MILLIS = 5;

  private final Failures failures;
  private final Abandoned abandoned;
  private final Events events;
  private final Notifier threads;
  private final Time time;
  private final Consumer<OwnedPartition> wake;
  private Set<HandlerCall> reported = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param wake told of a partition in which something may start again
   */
  Watchdog(
      Failures failures,
      Abandoned abandoned,
      Events events,
      Notifier threads,
      Time time,
      Consumer<OwnedPartition> wake) {
    this.failures = failures;
    this.abandoned = abandoned;
    this.events = events;
    this.threads = threads;
    this.time = time;
    this.wake = wake;
  }

  /** From when on a call is reported with its stack. */
  static Duration slow(@Nullable Duration timeout) {
    if (timeout == null || timeout.dividedBy(2).compareTo(SLOW) > 0) {
      return SLOW;
    }
    Duration half = timeout.dividedBy(2);
    return half.compareTo(NEVER_SLOW) < 0 ? NEVER_SLOW : half;
  }

  /** How often to look, so that a deadline is not missed by much. */
  static long tickMillis(@Nullable Duration timeout) {
    return timeout == null
        ? LONGEST_TICK_MILLIS
        : Math.max(SHORTEST_TICK_MILLIS, Math.min(LONGEST_TICK_MILLIS, timeout.toMillis() / 10));
  }

  /** Reports each call once that runs for longer. */
  void report(List<InFlight> running, Duration slow) {
    Set<HandlerCall> stillSlow = Collections.newSetFromMap(new IdentityHashMap<>());
    for (InFlight one : running) {
      Duration since = since(one);
      if (since.compareTo(slow) < 0) {
        continue;
      }
      stillSlow.add(one.call());
      if (!reported.contains(one.call())) {
        events.emit(
            new SafeConsumerEvent.SlowHandler(
                events.now(),
                one.attempt().partition().topicPartition(),
                one.attempt().record().offset(),
                since,
                one.stack()));
      }
    }
    reported = stillSlow;
  }

  /**
   * Holds calls to their deadlines.
   *
   * @param replace makes up for one that is given up
   */
  void guard(List<InFlight> running, Consumer<InFlight> replace) {
    for (InFlight one : running) {
      long now = time.nanos();
      if (one.call().isDue(now)) {
        step(one, now, replace);
      }
    }
    for (Runnable next = abandoned.nextToReplace();
        next != null;
        next = abandoned.nextToReplace()) {
      threads.run(next); // it may make a thread by the user's factory
    }
  }

  private void step(InFlight one, long now, Consumer<InFlight> replace) {
    List<StackTraceElement> stack = one.stack(); // before it moves on
    Thread thread = one.thread();
    if (thread != null && one.call().interruptIfDue(now, thread::interrupt)) {
      tell(one, false, stack);
    } else if (one.stage() != null && one.call().cancelIfDue(now)) {
      tell(one, false, stack);
      threads.run(() -> AsyncAttempts.cancel(one.attempt(), one.stage()));
    } else if (one.call().abandonIfDue(now)) {
      abandoned.add(one, () -> replace.accept(one));
      if (one.call().hasReturned()) {
        abandoned.ended(one.call());
      }
      tell(one, true, stack);
      HandlerTimeoutException failure = failure(one, stack);
      threads.run(() -> book(one.call(), failure));
    }
  }

  private Duration since(InFlight one) {
    return Duration.ofNanos(time.nanos() - one.call().begunNanos());
  }

  private void tell(InFlight one, boolean givenUp, List<StackTraceElement> stack) {
    events.emit(
        new SafeConsumerEvent.HandlerTimedOut(
            events.now(),
            one.attempt().partition().topicPartition(),
            one.attempt().record().offset(),
            since(one),
            givenUp,
            stack));
  }

  private HandlerTimeoutException failure(InFlight one, List<StackTraceElement> stack) {
    Duration running = since(one);
    return new HandlerTimeoutException(
        "the attempt on "
            + one.where()
            + " had not ended after "
            + TimeUnit.NANOSECONDS.toMillis(running.toNanos())
            + " ms, though it was interrupted at its deadline",
        running,
        stack.toArray(StackTraceElement[]::new));
  }

  /** What becomes of its records; on a thread of its own, since it runs the user's classify(). */
  private void book(HandlerCall call, HandlerTimeoutException failure) {
    OwnedPartition partition = call.first().partition();
    try {
      if (call instanceof BatchCall batch && batch.attempts().size() > 1) {
        failures.batchFailed(batch.attempts(), failure); // nobody knows which one is at fault
        batch.lanes().forEach(lane -> partition.batches().sendBack(lane, true));
      } else if (failures.failed(call.first(), failure, false)) {
        partition.work().giveBack(call.first().lane());
      }
    } catch (Throwable bug) { // ours: the user's code is guarded inside
      LOG.error(
          "problem=\"an abandoned attempt could not be booked\" exceptionClass={}",
          SafeThrowables.className(bug));
      for (Attempt attempt : call.attempts()) {
        failures.holdAfterBug(attempt.lane(), bug);
      }
    }
    wake.accept(partition);
  }
}
