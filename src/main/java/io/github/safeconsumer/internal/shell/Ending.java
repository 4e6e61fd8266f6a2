package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.CloseReport.StillRunning;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a consumer: whatever goes wrong on the way, the state becomes final, and everybody who
 * waits hears it. Runs once.
 */
final class Ending<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");
  private static final int STACK_CHARS = 8_000;
  private static final long LAST_EVENTS_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Lasting<K, V> lasting;

  Ending(Lasting<K, V> lasting) {
    this.lasting = lasting;
  }

  /**
   * @param committed whether all that is done was committed
   * @param running what did not end
   * @param neverStarted nobody is told by an event of an end before the start
   */
  void end(boolean committed, List<StillRunning> running, boolean neverStarted) {
    List<StillRunning> still = new ArrayList<>(running);
    FatalSignal.Fatal fatal = lasting.fatal().get();
    try {
      show(fatal, still, neverStarted);
    } catch (Throwable bug) {
      LOG.error("consumer={} problem=\"the end failed\"", lasting.settings().name(), bug);
    } finally {
      answer(fatal, committed, still);
    }
  }

  private void show(
      FatalSignal.@Nullable Fatal fatal, List<StillRunning> still, boolean neverStarted) {
    if (lasting.lifecycle().state() != State.CLOSING) {
      lasting.lifecycle().moveTo(State.CLOSING); // a suspend was under way, or the hand-over failed
    }
    State end = endOf(fatal);
    State before = lasting.lifecycle().moveTo(end);
    if (fatal != null) {
      logFailure(fatal);
    }
    Events events = lasting.events();
    if (!neverStarted) {
      events.emit(
          new SafeConsumerEvent.StateChanged(
              events.now(), before, end, fatal == null ? "closed" : fatal.reason()));
    }
    long step =
        Math.max(LEAST_NANOS, Math.min(LAST_EVENTS_NANOS, lasting.closing().nanosLeft() / 2));
    for (Thread stuck : events.close(step)) {
      still.add(
          new StillRunning(
              "listener or assignment callback", stuck.getName(), List.of(stuck.getStackTrace())));
    }
  }

  private static State endOf(FatalSignal.@Nullable Fatal fatal) {
    return fatal == null ? State.CLOSED : State.FAILED;
  }

  private void answer(
      FatalSignal.@Nullable Fatal fatal, boolean committed, List<StillRunning> still) {
    Outcome outcome =
        fatal == null
            ? new Outcome(Outcome.Result.SUPERSEDED, "close() came first")
            : new Outcome(Outcome.Result.FAILED, fatal.reason());
    Notifier notifier = lasting.notifier();
    notifier.complete(lasting.handshake().ended(outcome));
    notifier.complete(lasting.started(), outcome);
    for (StillRunning one : still) {
      LOG.warn(
          "consumer={} problem=\"still running after close\" attempt=\"{}\" thread={}",
          lasting.settings().name(),
          one.what(),
          one.thread());
    }
    boolean clean = fatal == null && committed && still.isEmpty();
    notifier.complete(
        lasting.closed(), new CloseReport(clean, endOf(fatal), still, failureOf(fatal)));
    notifier.close();
  }

  private static Optional<Throwable> failureOf(FatalSignal.@Nullable Fatal fatal) {
    if (fatal == null) {
      return Optional.empty();
    }
    Throwable cause = fatal.cause();
    return Optional.of(cause != null ? cause : new IllegalStateException(fatal.reason()));
  }

  private void logFailure(FatalSignal.Fatal fatal) {
    String name = lasting.settings().name();
    if (fatal.ofUser()) { // its message can hold data of the record, and can throw
      LOG.error(
          "consumer={} state=FAILED reason=\"{}\"\n{}",
          name,
          fatal.reason(),
          SafeThrowables.stack(fatal.cause(), STACK_CHARS));
    } else {
      LOG.error("consumer={} state=FAILED reason=\"{}\"", name, fatal.reason(), fatal.cause());
    }
  }
}
