package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attempts that are no threads: begun on a worker, ended by whoever completes their stage. A permit
 * goes with each until it ends.
 *
 * <p>Concurrency: a success is booked by the thread that completes the stage, which is cheap; a
 * failure on a worker, since it runs the user's classify(). Either way the partition's lock decides
 * whether the report still counts, and only the first report of an attempt does.
 */
final class AsyncAttempts<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncAttempts.class);

  private final AsyncHandler<K, V> handler;
  private final Failures failures;
  private final Successes successes;
  private final Executor workers;
  private final Consumer<OwnedPartition> ended;
  private final Consumer<Attempt> late;
  private final Time time;
  private final Map<Attempt, CompletionStage<?>> pending = new ConcurrentHashMap<>();

  /**
   * @param workers runs what is user code
   * @param ended an attempt of this partition ended: its permit is free
   * @param late an attempt ended that was abandoned before
   */
  AsyncAttempts(
      AsyncHandler<K, V> handler,
      Failures failures,
      Successes successes,
      Executor workers,
      Consumer<OwnedPartition> ended,
      Consumer<Attempt> late,
      Time time) {
    this.handler = handler;
    this.failures = failures;
    this.successes = successes;
    this.workers = workers;
    this.ended = ended;
    this.late = late;
    this.time = time;
  }

  /**
   * Begins an attempt.
   *
   * @return true when it ended well at once and the lane is still the caller's; false when the lane
   *     is not, and where the slot is not permitted any more, the attempt goes on without it
   */
  boolean begin(ConsumerRecord<K, V> record, Attempt attempt, WorkerSlot<K, V> slot) {
    attempt.entersAt(time.nanos());
    // The last look: nothing comes between it and the handler.
    if (attempt.isOvertaken() && attempt.partition().work().withdraw(attempt)) {
      attempt.doesNotEnter();
      return false;
    }
    CompletionStage<?> stage;
    try {
      stage = handler.begin(record, attempt);
    } catch (Throwable thrown) { // Errors included: the failure of this record
      long now = time.nanos();
      if (!LaneRunner.left(attempt)) {
        return false;
      }
      attempt.leaves(now);
      return failures.failed(attempt, thrown, false);
    }
    if (!attempt.detach()) {
      cancel(attempt, stage); // begun too late: nobody waits for it
      return false;
    }
    Ending ending = new Ending(attempt);
    pending.put(attempt, stage);
    slot.permitted = false;
    try {
      stage.whenComplete((result, thrown) -> ending.completed(thrown));
    } catch (Throwable thrown) { // a stage of the user's own making
      ending.completed(thrown);
    }
    return false;
  }

  /** Those that have not ended. */
  List<InFlight> inFlight() {
    List<InFlight> running = new ArrayList<>();
    pending.forEach((attempt, stage) -> running.add(new InFlight(attempt, null, stage)));
    return running;
  }

  /** Gives up all that have not ended: their results are ignored from here on. */
  void cancelAll() {
    pending.forEach(
        (attempt, stage) -> {
          attempt.cancel();
          cancel(attempt, stage);
        });
  }

  /** Tells a stage, if it can be told, that nobody waits for it. Runs user code. */
  static void cancel(Attempt attempt, @Nullable CompletionStage<?> stage) {
    try {
      if (stage != null) {
        stage.toCompletableFuture().cancel(true);
      }
    } catch (Throwable thrown) { // not every stage is a future; cancelled() says it all
      LOG.debug("{} cannot be cancelled: {}", attempt, SafeThrowables.className(thrown));
    }
  }

  /** The end of one attempt, which comes once. */
  private final class Ending {
    private final Attempt attempt;
    private final AtomicBoolean came = new AtomicBoolean();

    Ending(Attempt attempt) {
      this.attempt = attempt;
    }

    void completed(@Nullable Throwable thrown) {
      if (!came.compareAndSet(false, true)) {
        return;
      }
      boolean counts = attempt.returns();
      attempt.markReturned();
      if (!counts) {
        pending.remove(attempt);
        late.accept(attempt);
        return;
      }
      attempt.leaves(time.nanos());
      if (thrown == null) {
        over(book(() -> successes.succeeded(attempt)));
        return;
      }
      try {
        workers.execute(() -> over(book(() -> failures.failed(attempt, thrown, false))));
      } catch (RejectedExecutionException closed) {
        over(false); // the consumer is over: its next owner gets the record
      } catch (Throwable noThread) { // the user's thread factory, or no memory: then on this one
        over(book(() -> failures.failed(attempt, thrown, false)));
      }
    }

    private boolean book(BooleanSupplier report) {
      try {
        return report.getAsBoolean();
      } catch (Throwable bug) { // ours: the user's code is guarded inside
        failures.holdAfterBug(attempt.lane(), bug);
        return false;
      }
    }

    private void over(boolean laneIsFree) {
      pending.remove(attempt);
      if (laneIsFree) {
        attempt.partition().work().giveBack(attempt.lane());
      }
      ended.accept(attempt.partition());
    }
  }
}
