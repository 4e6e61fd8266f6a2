package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.HandlerCall;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.OwnedPartition;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/**
 * Serves a partition on a worker: takes a lane, runs its records, takes the next. Whatever user
 * code throws, however badly, is the failure of a record; no lane is ever left RUNNING without a
 * runner.
 */
abstract class LaneRunner<K, V> {
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** Whether the logger in use keeps a context at all: naming it costs two texts for a record. */
  private static final boolean LOGS_CONTEXT = !(MDC.getMDCAdapter() instanceof NOPMDCAdapter);

  private static final String MDC_GROUP = "kafka.group";
  private static final String MDC_TOPIC = "kafka.topic";
  private static final String MDC_PARTITION = "kafka.partition";
  private static final String MDC_OFFSET = "kafka.offset";
  private static final String MDC_ATTEMPT = "kafka.attempt";
  private static final String FIRST = "1";

  private final Failures failures;
  private final Permits permits;
  private final LongPredicate mayBeExpelled;
  private final Runnable progress;
  private final Time time;

  /**
   * @param mayBeExpelled whether, at this moment of the monotonic clock in milliseconds, the
   *     process has just come out of a stall that may have cost its membership
   * @param progress run when a worker leaves: something may be there to commit
   */
  LaneRunner(
      Failures failures,
      Permits permits,
      LongPredicate mayBeExpelled,
      Runnable progress,
      Time time) {
    this.failures = failures;
    this.permits = permits;
    this.mayBeExpelled = mayBeExpelled;
    this.progress = progress;
    this.time = time;
  }

  /**
   * Runs records until none may start, or its time slice is over and others wait.
   *
   * @return true when another worker has to be queued for what is left
   */
  final boolean serve(OwnedPartition partition, WorkerSlot<K, V> slot, BooleanSupplier othersWait) {
    slot.now = time.nanos();
    long sliceEnd = slot.now + SLICE_NANOS;
    if (LOGS_CONTEXT) {
      MDC.put(MDC_GROUP, partition.groupId());
      MDC.put(MDC_TOPIC, partition.topicPartition().topic());
      MDC.put(MDC_PARTITION, Integer.toString(partition.topicPartition().partition()));
    }
    try {
      while (true) {
        if (mayBeExpelled.test(TimeUnit.NANOSECONDS.toMillis(slot.now)) || !isPermitted(slot)) {
          partition.work().giveBack(slot.lane); // the loop finds out, or whoever gives a permit
          return false;
        }
        if (!next(partition, slot)) {
          return false;
        }
        // Asked after a record, never before the first: each slice gets on, and only a lane that
        // runs can be given back.
        if (slot.now - sliceEnd > 0 && othersWait.getAsBoolean()) {
          return partition.work().giveWay(slot.lane, slot.now);
        }
      }
    } finally {
      MDC.clear();
      progress.run();
    }
  }

  private boolean isPermitted(WorkerSlot<K, V> slot) {
    if (!slot.permitted) {
      slot.permitted = permits.tryAcquire();
    }
    return slot.permitted;
  }

  /**
   * Starts what comes next and runs it, and leaves the time at which that ended in the slot.
   *
   * @return false when nothing may start; no lane is kept then
   */
  abstract boolean next(OwnedPartition partition, WorkerSlot<K, V> slot);

  /**
   * The handler was left: an interrupt that was meant for this call has arrived and ends here.
   *
   * @return false when the call was abandoned: nothing it did counts
   */
  static boolean left(HandlerCall call) {
    boolean overdue = call.isOverdue();
    boolean counts = call.returns();
    if (overdue) {
      Thread.interrupted();
    }
    return counts;
  }

  /** What a call failed of whose time was over before its handler was entered. */
  static Exception tooLate() {
    return new InterruptedException(
        "reading the record took until after its deadline; the handler was not entered");
  }

  static void name(Attempt attempt) {
    if (!LOGS_CONTEXT) {
      return;
    }
    MDC.put(MDC_OFFSET, Long.toString(attempt.record().offset()));
    MDC.put(MDC_ATTEMPT, attempt.attempt() == 1 ? FIRST : Integer.toString(attempt.attempt()));
  }

  /** The deserializers cannot even be made: no record is at fault, so the consumer ends. */
  final void cannotDecode(Throwable thrown) {
    failures.cannotDecode(thrown);
    progress.run();
  }

  /** The library itself failed on this lane. */
  final void hold(Lane lane, Throwable bug) {
    failures.holdAfterBug(lane, bug);
  }
}
