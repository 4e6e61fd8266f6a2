package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.SafeConsumerListener;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.observe.EventLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
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
  private final Counters counters;
  private final Time time;
  private final ThreadPoolExecutor deliveries;
  private final ThreadPoolExecutor callbacks;
  private final AtomicInteger queued = new AtomicInteger();
  private volatile @Nullable Thread listenerThread;
  private volatile @Nullable Thread callbackThread;

  Events(String name, SafeConsumerListener listener, Counters counters, Time time) {
    this.name = name;
    this.listener = listener;
    this.counters = counters;
    this.time = time;
    this.deliveries =
        Threads.single(task -> listenerThread = Threads.daemon(name + "-events", task));
    this.callbacks =
        Threads.single(task -> callbackThread = Threads.daemon(name + "-callbacks", task));
  }

  Instant now() {
    return Instant.ofEpochMilli(time.millis());
  }

  /** Logs and delivers; never blocks, never throws. */
  void emit(SafeConsumerEvent event) {
    log(event);
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
    try {
      listener.onEvent(event);
    } catch (Throwable thrown) { // a listener must never disturb the consumer
      LOG.warn(
          "consumer={} listener threw={}: this event is dropped, consumption goes on",
          name,
          SafeThrowables.className(thrown));
    } finally {
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
            try {
              body.run();
            } catch (Throwable thrown) { // reported; it must not stop the loop
              emit(
                  new SafeConsumerEvent.CallbackFailed(
                      now(), callback, SafeThrowables.className(thrown)));
            } finally {
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

  /** Whether it is one of the threads on which the user's listener and callbacks run. */
  boolean isOwnThread(Thread thread) {
    return thread == listenerThread || thread == callbackThread;
  }

  /**
   * Delivers what is queued, up to the bound for each thread. Returns the threads that did not end.
   */
  List<Thread> close(long nanos) {
    List<Thread> stuck = new ArrayList<>();
    Thread callback = callbackThread;
    if (!Threads.shutdown(callbacks, nanos) && callback != null) {
      stuck.add(callback);
    }
    Thread listening = listenerThread;
    if (!Threads.shutdown(deliveries, nanos) && listening != null) {
      stuck.add(listening);
    }
    return stuck;
  }

  private void log(SafeConsumerEvent event) {
    if (event instanceof SafeConsumerEvent.RetryScheduled) {
      if (LOG.isDebugEnabled()) {
        LOG.debug("consumer={} {}", name, EventLine.of(event));
      }
    } else if (event instanceof SafeConsumerEvent.StateChanged
        || event instanceof SafeConsumerEvent.PartitionsAssigned
        || event instanceof SafeConsumerEvent.PartitionsRevoked
        || event instanceof SafeConsumerEvent.OffsetReset
        || event instanceof SafeConsumerEvent.Skipped) {
      LOG.info("consumer={} {}", name, EventLine.of(event));
    } else {
      LOG.warn("consumer={} {}", name, EventLine.of(event));
    }
  }
}
