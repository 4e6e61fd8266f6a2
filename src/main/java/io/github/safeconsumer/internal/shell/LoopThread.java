package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.CloseReport.StillRunning;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns the KafkaConsumer: runs the loop's turns, and takes the whole consumer down
 * when they are over, whatever ended them. The only thread that is no daemon, so a started consumer
 * keeps its JVM alive until it is closed.
 */
final class LoopThread<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");
  private static final int STACK_CHARS = 8_000;
  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Parts<K, V> parts;
  private final CompletableFuture<CloseReport> closed;
  private final Thread thread;
  private final @Nullable Thread hook;
  private boolean begun;

  LoopThread(Parts<K, V> parts, CompletableFuture<CloseReport> closed) {
    this.parts = parts;
    this.closed = closed;
    this.thread = parts.platform().execution().loop(parts.settings().name() + "-loop", this::turn);
    this.hook =
        parts.settings().shutdownHook()
            ? new Thread(this::closeAtShutdown, parts.settings().name() + "-shutdown")
            : null;
  }

  void start() {
    if (hook != null) {
      try {
        Runtime.getRuntime().addShutdownHook(hook);
      } catch (IllegalStateException shuttingDown) {
        LOG.warn("consumer={} is started while the JVM shuts down", parts.settings().name());
      }
    }
    thread.start();
  }

  /**
   * Whether the caller is a worker, a callback's thread or the loop: it must not wait for what
   * waits for it.
   */
  boolean isOwnThread() {
    Thread caller = Thread.currentThread();
    return caller == thread
        || parts.events().isOwnThread(caller)
        || parts.workers().isWorkerThread(caller);
  }

  private boolean turn() {
    try {
      if (!begun) {
        begun = true;
        begin();
      }
      if (parts.loop().turn()) {
        return true;
      }
    } catch (Throwable bug) { // ours; the consumer ends, loudly
      LOG.error("consumer={} the loop failed", parts.settings().name(), bug);
      parts.fatal().raise("an unexpected " + bug.getClass().getName() + " in the loop", bug);
    }
    end();
    return false;
  }

  private void begin() {
    for (Preflight.Finding finding : parts.settings().advice()) {
      LOG.warn("consumer={} {}", parts.settings().name(), finding);
    }
    parts.parker().own();
    parts.ticker().start(parts.workers()::slots);
    parts.housekeeper().watch(parts::ownedPartitions);
  }

  private void end() {
    boolean committed = false;
    try {
      committed = parts.loop().shutDown();
    } catch (Throwable bug) { // the report says so; the rest is still taken down
      LOG.error("consumer={} the hand-over failed", parts.settings().name(), bug);
      parts.fatal().raise("an unexpected " + bug.getClass().getName() + " at the hand-over", bug);
    } finally {
      takeDown(committed);
    }
  }

  /** Whatever goes wrong on the way: the state becomes final, and everybody who waits hears it. */
  private void takeDown(boolean committed) {
    List<StillRunning> still = new ArrayList<>();
    try {
      endParts(still);
    } catch (Throwable bug) {
      LOG.error("consumer={} the end failed", parts.settings().name(), bug);
      parts.fatal().raise("an unexpected " + bug.getClass().getName() + " at the end", bug);
    }
    FatalSignal.Fatal fatal = parts.fatal().get();
    try {
      showTheEnd(fatal, still);
    } catch (Throwable bug) {
      LOG.error("consumer={} the end failed", parts.settings().name(), bug);
    } finally {
      answer(fatal, committed, still);
    }
  }

  private void endParts(List<StillRunning> still) {
    parts.ticker().close();
    if (!parts.deadLettering().close(step())) {
      still.add(new StillRunning("the dead-letter producer", "", List.of()));
    }
    parts.workers().interruptStragglers();
    if (!parts.workers().close(step())) {
      still.addAll(parts.workers().stillRunning());
    }
    if (!parts.housekeeper().close(step())) {
      still.add(new StillRunning("the admin client", "", List.of()));
    }
    removeHook();
  }

  private void showTheEnd(FatalSignal.@Nullable Fatal fatal, List<StillRunning> still) {
    State end = endOf(fatal);
    String reason = reasonOf(fatal);
    if (parts.lifecycle().state() != State.CLOSING) {
      parts.lifecycle().moveTo(State.CLOSING); // the hand-over failed before it said so
    }
    State before = parts.lifecycle().moveTo(end);
    if (fatal != null) {
      logFailure(fatal);
    }
    parts
        .events()
        .emit(new SafeConsumerEvent.StateChanged(parts.events().now(), before, end, reason));
    for (Thread stuck : parts.events().close(step())) {
      still.add(
          new StillRunning("listener or assignment callback", stuck.getName(), stackOf(stuck)));
    }
  }

  private static State endOf(FatalSignal.@Nullable Fatal fatal) {
    return fatal == null ? State.CLOSED : State.FAILED;
  }

  private static String reasonOf(FatalSignal.@Nullable Fatal fatal) {
    return fatal == null ? "closed" : fatal.reason();
  }

  private void answer(
      FatalSignal.@Nullable Fatal fatal, boolean committed, List<StillRunning> still) {
    Outcome outcome =
        fatal == null
            ? new Outcome(Outcome.Result.SUPERSEDED, "close() came first")
            : new Outcome(Outcome.Result.FAILED, fatal.reason());
    parts.notifier().complete(parts.handshake().ended(outcome));
    parts.notifier().complete(parts.started(), outcome);
    boolean clean = fatal == null && committed && still.isEmpty();
    for (StillRunning one : still) {
      LOG.warn(
          "consumer={} still running after close: {} on {}",
          parts.settings().name(),
          one.what(),
          one.thread());
    }
    Optional<Throwable> failure =
        fatal == null
            ? Optional.empty()
            : Optional.of(
                fatal.cause() != null ? fatal.cause() : new IllegalStateException(fatal.reason()));
    parts.notifier().complete(closed, new CloseReport(clean, endOf(fatal), still, failure));
    parts.notifier().close();
  }

  private void logFailure(FatalSignal.Fatal fatal) {
    String name = parts.settings().name();
    if (fatal.ofUser()) { // its message can hold data of the record, and can throw
      LOG.error(
          "consumer={} FAILED: {}\n{}",
          name,
          fatal.reason(),
          SafeThrowables.stack(fatal.cause(), STACK_CHARS));
    } else {
      LOG.error("consumer={} FAILED: {}", name, fatal.reason(), fatal.cause());
    }
  }

  /**
   * A small share of what is left, but never nothing: a pool that has nothing to do ends at once.
   */
  private long step() {
    return Math.max(
        TimeUnit.MILLISECONDS.toNanos(50), Math.min(STEP_NANOS, parts.closing().nanosLeft() / 2));
  }

  /** What close() says when the bound passed before the loop ended. */
  CloseReport reportNow() {
    if (closed.isDone()) {
      return closed.join();
    }
    List<StillRunning> still = new ArrayList<>(parts.workers().stillRunning());
    still.add(new StillRunning("the loop", thread.getName(), stackOf(thread)));
    return new CloseReport(false, parts.lifecycle().state(), still, Optional.empty());
  }

  private static List<StackTraceElement> stackOf(@Nullable Thread thread) {
    return thread == null ? List.of() : List.of(thread.getStackTrace());
  }

  private void closeAtShutdown() {
    parts.closing().within(SafeConsumer.CLOSE_BOUND);
    parts.handshake().close();
    parts.parker().wake();
    boolean interrupted = false;
    try {
      thread.join(SafeConsumer.CLOSE_BOUND.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeHook() {
    if (hook != null && Thread.currentThread() != hook) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException shuttingDown) {
        // the hook itself brought us here
      }
    }
  }
}
