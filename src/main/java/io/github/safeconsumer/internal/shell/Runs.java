package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.CloseReport.StillRunning;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of the loop, one after the other and never two: a suspend ends one, a resume begins the
 * next.
 *
 * <p>Concurrency: one lock, this object's. Every command first records its intent in the {@link
 * Handshake} and then comes by {@link #reconcile}; a run that ends comes by {@link #ended}. Both
 * read the intent under the lock and act on what it is now, so whatever comes last finds everything
 * that came before: no resume can be lost between a loop that goes down and one that does not exist
 * yet, and no loop can begin after a suspend was answered.
 */
final class Runs<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");

  private final Lasting<K, V> lasting;
  private final Ending<K, V> ending;
  private final List<Workers<K, V>> outlived = new CopyOnWriteArrayList<>();
  private volatile @Nullable LoopThread<K, V> current;

  Runs(Lasting<K, V> lasting) {
    this.lasting = lasting;
    this.ending = new Ending<>(lasting);
  }

  /** The parts of the run that is, or of the last one of a consumer that has failed; else null. */
  @Nullable Parts<K, V> parts() {
    LoopThread<K, V> run = current;
    return run == null ? null : run.run().parts();
  }

  /**
   * @throws IllegalStateException when started before
   */
  synchronized void start() {
    if (!lasting.lifecycle().moveIf(State.NEW, State.STARTING)) {
      throw new IllegalStateException(
          "start() was called before, or the consumer is closed: build a new one");
    }
    for (Preflight.Finding finding : lasting.settings().advice()) {
      if (finding.severity() == Preflight.Severity.ADVICE) {
        LOG.info("consumer={} {}", lasting.settings().name(), finding);
      } else {
        LOG.warn("consumer={} {}", lasting.settings().name(), finding);
      }
    }
    switch (lasting.handshake().intent().want()) {
      case SUSPEND -> rest(new Outcome(Outcome.Result.APPLIED, "suspended: nothing was started"));
      case CLOSE -> closeAtRest(State.STARTING); // its own reconcile is still to come
      case RUN, PAUSE -> begin();
    }
  }

  /** Makes the state follow the intent; called after each intent was recorded. */
  synchronized void reconcile() {
    Handshake.Want want = lasting.handshake().intent().want();
    State state = lasting.lifecycle().state();
    LoopThread<K, V> run = current;
    if (run != null && !state.isFinal()) {
      run.wake(); // the loop follows it, or its end comes by here
    } else if (state.isFinal()) {
      lasting
          .notifier()
          .complete(
              lasting
                  .handshake()
                  .ended(new Outcome(Outcome.Result.FAILED, "the consumer is " + state)));
    } else if (state == State.CLOSING) {
      return; // the end is under way, and answers everybody
    } else if (want == Handshake.Want.CLOSE) {
      closeAtRest(state);
    } else if (state == State.NEW) {
      lasting.notifier().complete(lasting.handshake().notStarted());
    } else if (want == Handshake.Want.SUSPEND) {
      lasting.notifier().complete(lasting.handshake().suspended(atRest()));
    } else {
      again("resume()");
    }
  }

  private void closeAtRest(State before) {
    lasting.lifecycle().moveTo(State.CLOSING);
    boolean quiet = before == State.NEW;
    lasting.notifier().run(() -> ending.end(true, new ArrayList<>(stillRunning()), quiet));
  }

  private void again(String reason) {
    show(State.RESTARTING, reason);
    begin();
  }

  private void begin() {
    try {
      LoopRun<K, V> run = new LoopRun<>(new Parts<>(lasting, this::outlivedCalls), this::ended);
      LoopThread<K, V> thread = new LoopThread<>(run, () -> close(SafeConsumer.CLOSE_BOUND));
      current = thread;
      thread.start();
    } catch (Throwable thrown) { // no memory for a thread, mostly: nobody may wait for ever
      current = null;
      lasting.fatal().raise("could not be started: " + SafeThrowables.className(thrown), thrown);
      lasting.lifecycle().moveTo(State.CLOSING);
      lasting.notifier().run(() -> ending.end(false, List.of(), false));
    }
  }

  /** Asks for the end, within the bound. */
  void close(Duration bound) {
    lasting.closing().within(bound);
    lasting.handshake().close();
    lasting.gate().stop(); // at once, as pause() does: no worker may start the next record
    lasting.assignment().passBarrier();
    reconcile();
  }

  /** A run of the loop is over; called by its thread as the last thing it does. */
  private void ended(boolean committed, List<StillRunning> still) {
    LoopThread<K, V> run = current;
    if (run != null) {
      run.removeHook();
    }
    if (restsOrGoesOn(run, committed, still)) {
      return;
    }
    List<StillRunning> all = new ArrayList<>(still);
    all.addAll(outlived());
    ending.end(committed, all, false);
    if (lasting.fatal().get() == null) {
      current = null; // a failed consumer keeps its parts, for whoever asks what happened
    }
  }

  private synchronized boolean restsOrGoesOn(
      @Nullable LoopThread<K, V> run, boolean committed, List<StillRunning> still) {
    Handshake.Want want = lasting.handshake().intent().want();
    if (lasting.fatal().get() != null || want == Handshake.Want.CLOSE) {
      return false;
    }
    current = null;
    lasting.closing().runEnded();
    outlived.removeIf(workers -> workers.stillRunning().isEmpty());
    if (run != null && !run.run().parts().workers().stillRunning().isEmpty()) {
      outlived.add(run.run().parts().workers());
    }
    if (want == Handshake.Want.SUSPEND) {
      rest(suspendOutcome(committed, still));
    } else {
      again("resume() came while it was being suspended");
    }
    return true;
  }

  private void rest(Outcome outcome) {
    show(State.SUSPENDED, "suspend()");
    lasting
        .notifier()
        .complete(
            lasting.started(),
            new Outcome(
                Outcome.Result.SUPERSEDED, "suspend() came first: it joins after resume()"));
    lasting.notifier().complete(lasting.handshake().suspended(outcome));
  }

  private Outcome suspendOutcome(boolean committed, List<StillRunning> still) {
    if (committed && still.isEmpty()) {
      return new Outcome(
          Outcome.Result.APPLIED,
          lasting.settings().kafka().groupInstanceId().isPresent() && !Leaving.staticMembersCan()
              ? "the client is closed, until resume(); the group counts this static member until its"
                  + " session ends, since this version of kafka-clients cannot take it out (4.1 can)"
              : "the group was left and the client closed, until resume()");
    }
    String reason = "no client exists and no record starts, until resume(); but";
    if (!committed) {
      reason +=
          " the last commit or the leaving failed (see the log): what was done since the last"
              + " commit is repeated, and the group may count this member until its session ends;";
    }
    return new Outcome(Outcome.Result.FAILED, reason + stillRunningNames(still));
  }

  private static String stillRunningNames(List<StillRunning> still) {
    return still.isEmpty()
        ? ""
        : still.stream()
            .map(one -> one.what() + " on " + one.thread())
            .collect(
                Collectors.joining(
                    ", ", " still running: ", " (of an attempt, the result is ignored)"));
  }

  /** What a suspend that finds the consumer suspended is told. */
  private Outcome atRest() {
    List<StillRunning> still = stillRunning();
    return still.isEmpty()
        ? new Outcome(Outcome.Result.APPLIED, "it is suspended")
        : new Outcome(Outcome.Result.FAILED, "it is suspended, but" + stillRunningNames(still));
  }

  private void show(State next, String reason) {
    State before = lasting.lifecycle().state();
    if (before != next) {
      lasting.lifecycle().moveTo(next);
      lasting
          .events()
          .emit(new SafeConsumerEvent.StateChanged(lasting.events().now(), before, next, reason));
    }
  }

  /**
   * Whether it is a worker, the loop, or in a callback of the user's now: it must not wait for what
   * waits for it.
   */
  boolean isOwnThread(Thread thread) {
    LoopThread<K, V> run = current;
    return (run != null && (run.is(thread) || run.run().parts().workers().isWorkerThread(thread)))
        || lasting.events().isOwnThread(thread)
        || outlived.stream().anyMatch(workers -> workers.isWorkerThread(thread));
  }

  private List<InFlight> outlivedCalls() {
    if (outlived.isEmpty()) {
      return List.of();
    }
    List<InFlight> calls = new ArrayList<>();
    outlived.forEach(workers -> calls.addAll(workers.inFlight()));
    return calls;
  }

  /** Attempts that outlived a suspend and are still in their handler. */
  List<StillRunning> outlived() {
    if (outlived.isEmpty()) {
      return List.of();
    }
    List<StillRunning> still = new ArrayList<>();
    outlived.forEach(workers -> still.addAll(workers.stillRunning()));
    return still;
  }

  /** Attempts that run now, those that outlived a suspend included. */
  List<StillRunning> stillRunning() {
    List<StillRunning> still = new ArrayList<>(outlived());
    LoopThread<K, V> run = current;
    if (run != null) {
      still.addAll(run.run().parts().workers().stillRunning());
    }
    return still;
  }

  /** What close() says to a caller that must not wait. */
  CloseReport requested() {
    return lasting.closed().isDone()
        ? lasting.closed().join()
        : new CloseReport(false, State.CLOSING, List.of(), Optional.empty());
  }

  /** What close() says when its bound passed before the end. */
  CloseReport reportNow() {
    if (lasting.closed().isDone()) {
      return lasting.closed().join();
    }
    List<StillRunning> still = stillRunning();
    LoopThread<K, V> run = current;
    if (run != null) {
      still.add(run.stillRunning());
    }
    return new CloseReport(false, lasting.lifecycle().state(), still, Optional.empty());
  }
}
