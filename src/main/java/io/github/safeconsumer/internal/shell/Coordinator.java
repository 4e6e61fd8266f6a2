package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.State;
import io.github.safeconsumer.Status;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.Lifecycle;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the public API. Each records what is wanted and returns at once; the loop
 * reconciles. The exception is pause, which is true without the loop: it closes the gate that
 * workers read when they start a record, and passes through each partition's lock once.
 */
public final class Coordinator<K, V> {
  /**
   * How much longer than its bound a blocking close() waits for the report of the loop before it
   * reports by itself.
   */
  private static final Duration REPORT_GRACE = Duration.ofMillis(250);

  private static final Duration LONGEST_CLOSE = Duration.ofHours(1);

  private final Settings<K, V> settings;
  private final Platform platform;
  private final Lifecycle lifecycle = new Lifecycle();
  private final PauseGate gate = new PauseGate();
  private final Handshake handshake = new Handshake(gate);
  private final Counters counters = new Counters();
  private final Assignment assignment;
  private final Notifier notifier;
  private final Closing closing;
  private final FloodGuard flood;
  private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();
  private volatile @Nullable Parts<K, V> parts;
  private volatile @Nullable LoopThread<K, V> thread;

  public Coordinator(Settings<K, V> settings, Platform platform) {
    this.settings = settings;
    this.platform = platform;
    this.assignment =
        new Assignment(handshake, gate, settings.kafka().groupId(), settings.retry().maxAttempts());
    this.notifier = new Notifier(settings.name(), platform.execution());
    this.closing = new Closing(platform.time(), settings.drainTimeout());
    this.flood = new FloodGuard(settings.deadLetter().floodLimit());
  }

  public CompletableFuture<Outcome> start() {
    if (!lifecycle.moveIf(State.NEW, State.STARTING)) {
      throw new IllegalStateException(
          "start() was called before, or the consumer is closed: build a new one");
    }
    try {
      return startParts();
    } catch (Throwable thrown) { // no memory for a thread, mostly: nobody may wait for ever
      return startFailed(thrown);
    }
  }

  private CompletableFuture<Outcome> startFailed(Throwable thrown) {
    String reason = "could not be started: " + SafeThrowables.className(thrown);
    handshake.close();
    lifecycle.moveTo(State.CLOSING);
    lifecycle.moveTo(State.FAILED);
    Outcome outcome = new Outcome(Outcome.Result.FAILED, reason);
    notifier.complete(handshake.ended(outcome));
    notifier.complete(closed, new CloseReport(false, State.FAILED, List.of(), Optional.of(thrown)));
    return notifier.completed(outcome);
  }

  private CompletableFuture<Outcome> startParts() {
    Parts<K, V> made =
        new Parts<>(
            settings,
            platform,
            lifecycle,
            gate,
            handshake,
            assignment,
            counters,
            notifier,
            closing,
            flood);
    LoopThread<K, V> started = new LoopThread<>(made, closed);
    parts = made;
    thread = started;
    started.start();
    return made.started();
  }

  public CompletableFuture<Outcome> pause() {
    if (lifecycle.state().isFinal()) {
      return over("pause()");
    }
    Handshake.Paused paused = handshake.pause();
    notifier.complete(paused.superseded());
    assignment.passBarrier();
    return notifier.completed(handshake.pauseHolds(paused.sequence()));
  }

  public CompletableFuture<Outcome> pause(Collection<TopicPartition> partitions) {
    if (lifecycle.state().isFinal()) {
      return over("pause()");
    }
    notifier.complete(handshake.pause(partitions, this::setPaused));
    return notifier.completed(
        new Outcome(Outcome.Result.APPLIED, "no record of these partitions starts until resume()"));
  }

  public CompletableFuture<Outcome> resume() {
    flood.reset();
    return resumed(handshake.resume());
  }

  public CompletableFuture<Outcome> resume(Collection<TopicPartition> partitions) {
    return resumed(handshake.resume(partitions, this::setPaused));
  }

  private CompletableFuture<Outcome> resumed(CompletableFuture<Outcome> future) {
    State state = lifecycle.state();
    Parts<K, V> running = parts;
    if (state.isFinal() || state == State.CLOSING) {
      notifier.complete(
          handshake.ended(new Outcome(Outcome.Result.FAILED, "the consumer is " + state)));
    } else if (running == null) {
      notifier.complete(
          handshake.ended(
              new Outcome(Outcome.Result.APPLIED, "not started yet: it will start un-paused")));
    } else {
      running.parker().wake();
    }
    return future;
  }

  private void setPaused(TopicPartition topicPartition, boolean paused) {
    OwnedPartition partition = assignment.get(topicPartition);
    if (partition != null) {
      partition.setPaused(io.github.safeconsumer.PauseReason.USER, paused);
    }
  }

  private CompletableFuture<Outcome> over(String command) {
    return notifier.completed(
        new Outcome(Outcome.Result.FAILED, command + ": the consumer is " + lifecycle.state()));
  }

  public CloseReport close(Duration bound) {
    CompletableFuture<CloseReport> future = closeAsync(bound);
    LoopThread<K, V> running = thread;
    if (running != null && running.isOwnThread()) {
      return closed.isDone() ? closed.join() : unfinished();
    }
    boolean interrupted = false;
    try {
      return platform.execution().await(future, bound.plus(REPORT_GRACE))
          ? future.join()
          : reportNow();
    } catch (InterruptedException e) {
      interrupted = true;
      return reportNow();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private CloseReport reportNow() {
    LoopThread<K, V> running = thread;
    if (running != null) {
      return running.reportNow();
    }
    return closed.isDone() ? closed.join() : unfinished();
  }

  private static CloseReport unfinished() {
    return new CloseReport(false, State.CLOSING, List.of(), Optional.empty());
  }

  public CompletableFuture<CloseReport> closeAsync(Duration bound) {
    if (bound.isNegative() || bound.compareTo(LONGEST_CLOSE) > 0) {
      throw new IllegalArgumentException("bound=" + bound + " must be from 0 to " + LONGEST_CLOSE);
    }
    closing.within(bound);
    handshake.close();
    gate.stop(); // at once, as pause() does: a worker in mid-lane must not start the next record
    assignment.passBarrier();
    if (lifecycle.moveIf(State.NEW, State.CLOSING)) {
      lifecycle.moveTo(State.CLOSED);
      notifier.complete(
          handshake.ended(new Outcome(Outcome.Result.SUPERSEDED, "close() came before start()")));
      closed.complete(new CloseReport(true, State.CLOSED, List.of(), Optional.empty()));
    }
    Parts<K, V> running = parts;
    if (running != null) {
      running.parker().wake();
    }
    return closed.copy();
  }

  public CompletableFuture<CloseReport> closed() {
    return closed.copy();
  }

  public Status status() {
    return new Reports<>(settings, platform.time(), lifecycle, gate, assignment, counters, parts)
        .status();
  }

  public Health health() {
    return new Reports<>(settings, platform.time(), lifecycle, gate, assignment, counters, parts)
        .health();
  }
}
