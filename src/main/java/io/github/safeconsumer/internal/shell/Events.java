package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.SafeConsumerListener;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.diagnosis.Chronicle;
import io.github.safeconsumer.internal.observe.EventLine;
import io.github.safeconsumer.internal.observe.LineLimit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events and callbacks to the user's code, in order, each on a thread of its own: assignment
 * callbacks are waited for, so a listener that blocks must not keep them. The listener's events are
 * bounded, and dropped and counted beyond; assignment callbacks are never dropped. Every event is
 * also a log line, at the level of who has to act on it.
 */
final class Events {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");
  private static final int LONGEST_QUEUE = 1024;

  /** The body of a callback of the user's. */
  @FunctionalInterface
  interface Callback {
    void run() throws Exception;
  }

  private final String name;
  private final SafeConsumerListener listener;
  private final Chronicle chronicle;
  private final Counters counters;
  private final Time time;
  private final ScheduledExecutorService deliveries;
  private final ScheduledExecutorService callbacks;
  private final LineLimit lines = new LineLimit();
  private final AtomicInteger queued = new AtomicInteger();
  private volatile @Nullable Thread listenerThread;
  private volatile @Nullable Thread callbackThread;

  Events(
      String name,
      SafeConsumerListener listener,
      Chronicle chronicle,
      Counters counters,
      Time time,
      Execution execution) {
    this.name = name;
    this.listener = listener;
    this.chronicle = chronicle;
    this.counters = counters;
    this.time = time;
    this.deliveries = execution.single(name + "-events");
    this.callbacks = execution.single(name + "-callbacks");
  }

  Instant now() {
    return Instant.ofEpochMilli(time.millis());
  }

  /** Logs and delivers; never blocks, never throws. */
  void emit(SafeConsumerEvent event) {
    log(event);
    chronicle.happened(event);
    if (queued.incrementAndGet() > LONGEST_QUEUE) {
      queued.decrementAndGet();
      counters.eventsDropped.increment();
      return;
    }
    try {
      deliveries.execute(() -> deliver(event));
    } catch (RejectedExecutionException | OutOfMemoryError noThread) {
      queued.decrementAndGet();
      counters.eventsDropped.increment();
    }
  }

  private void deliver(SafeConsumerEvent event) {
    listenerThread = Thread.currentThread();
    try {
      listener.onEvent(event);
    } catch (Throwable thrown) { // a listener must never disturb the consumer
      LOG.warn(
          "consumer={} problem=\"the listener threw: this event is dropped, consumption goes on\" event={} exceptionClass={}",
          name,
          event.getClass().getSimpleName(),
          SafeThrowables.className(thrown));
    } finally {
      listenerThread = null;
      queued.decrementAndGet();
    }
  }

  /**
   * Runs a callback of the user's on the callback thread; the future completes normally whatever
   * the callback does.
   */
  CompletableFuture<Void> call(String callback, Callback body) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      callbacks.execute(
          () -> {
            callbackThread = Thread.currentThread();
            try {
              body.run();
            } catch (Throwable thrown) { // reported; it must not stop the loop
              emit(
                  new SafeConsumerEvent.CallbackFailed(
                      now(), callback, SafeThrowables.className(thrown)));
            } finally {
              callbackThread = null;
              done.complete(null);
            }
          });
    } catch (RejectedExecutionException | OutOfMemoryError noThread) {
      done.complete(null);
    }
    return done;
  }

  /** Runs a callback of the user's that nobody waits for. */
  void report(String callback, Callback body) {
    call(callback, body).exceptionally(impossible -> null);
  }

  /** Whether it is in the user's listener or in one of the user's callbacks now. */
  boolean isOwnThread(Thread thread) {
    return thread == listenerThread || thread == callbackThread;
  }

  /**
   * Delivers what is queued, up to the bound for each thread. Returns the threads that did not end.
   */
  List<Thread> close(long nanos) {
    tell(lines.atEnd());
    List<Thread> stuck = new ArrayList<>();
    if (!Pools.shutdown(callbacks, nanos)) {
      addIfRunning(callbackThread, stuck);
    }
    if (!Pools.shutdown(deliveries, nanos)) {
      addIfRunning(listenerThread, stuck);
    }
    return stuck;
  }

  private static void addIfRunning(@Nullable Thread thread, List<Thread> to) {
    if (thread != null) {
      to.add(thread);
    }
  }

  /** Tells of lines that a storm has left out, once its minute is over. To be called at times. */
  void flush() {
    tell(lines.over(time.nanos()));
  }

  private void tell(List<LineLimit.LeftOut> leftOut) {
    for (LineLimit.LeftOut one : leftOut) {
      LOG.warn(
          "consumer={} event={} leftOut={} reason=\"more than {} lines of it within a minute; counters and listener have them all\"",
          name,
          one.kind(),
          one.lines(),
          LineLimit.LINES);
    }
  }

  private void log(SafeConsumerEvent event) {
    if (event instanceof SafeConsumerEvent.RetryScheduled) {
      if (LOG.isDebugEnabled()) {
        LOG.debug("consumer={} {}", name, EventLine.of(event));
      }
    } else if (!lines.mayWrite(event.getClass().getSimpleName(), time.nanos())) {
      if (LOG.isDebugEnabled()) {
        LOG.debug("consumer={} {}", name, EventLine.of(event));
      }
    } else if (event instanceof SafeConsumerEvent.StateChanged
        || event instanceof SafeConsumerEvent.PartitionsAssigned
        || event instanceof SafeConsumerEvent.PartitionsRevoked
        || event instanceof SafeConsumerEvent.OffsetReset
        || event instanceof SafeConsumerEvent.BudgetChanged
        || event instanceof SafeConsumerEvent.Skipped
        || event instanceof SafeConsumerEvent.AlertEnded
        || (event instanceof SafeConsumerEvent.BreakerChanged change
            && change.from() != BreakerStatus.State.CLOSED)) {
      LOG.info("consumer={} {}", name, EventLine.of(event));
    } else {
      LOG.warn("consumer={} {}", name, EventLine.of(event));
    }
  }
}
