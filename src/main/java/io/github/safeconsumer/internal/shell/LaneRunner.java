package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.OutageEvidence;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.serde.DecodeFailure;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.MDC;

/**
 * Drains a lane on a worker: start, deserialize, handle, book, next. Whatever user code throws,
 * however badly, is the failure of that record; no lane is ever left RUNNING without a runner.
 */
final class LaneRunner<K, V> {
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final String MDC_GROUP = "kafka.group";
  private static final String MDC_TOPIC = "kafka.topic";
  private static final String MDC_PARTITION = "kafka.partition";
  private static final String MDC_OFFSET = "kafka.offset";
  private static final String MDC_ATTEMPT = "kafka.attempt";

  private final RecordHandler<K, V> handler;
  private final Failures<K, V> failures;
  private final OutageEvidence evidence;
  private final FloodGuard flood;
  private final Counters counters;
  private final Time time;
  private final LongPredicate mayBeExpelled;
  private final Runnable progress;

  /**
   * @param mayBeExpelled whether, at this moment of the monotonic clock in milliseconds, the
   *     process has just come out of a stall that may have cost its membership
   */
  LaneRunner(
      RecordHandler<K, V> handler,
      Failures<K, V> failures,
      OutageEvidence evidence,
      FloodGuard flood,
      Counters counters,
      Time time,
      LongPredicate mayBeExpelled,
      Runnable progress) {
    this.mayBeExpelled = mayBeExpelled;
    this.handler = handler;
    this.failures = failures;
    this.evidence = evidence;
    this.flood = flood;
    this.counters = counters;
    this.time = time;
    this.progress = progress;
  }

  /**
   * Runs records of a READY lane until it has none that may start, its head has to wait, or its
   * time slice is over and others wait.
   *
   * @return true when the lane is READY again and has to be queued
   */
  boolean drain(Lane lane, WorkerSlot<K, V> slot, BooleanSupplier othersWait) {
    OwnedPartition partition = lane.partition();
    long now = time.nanos();
    long sliceEnd = now + SLICE_NANOS;
    MDC.put(MDC_GROUP, partition.groupId());
    MDC.put(MDC_TOPIC, partition.topicPartition().topic());
    MDC.put(MDC_PARTITION, Integer.toString(partition.topicPartition().partition()));
    try {
      while (true) {
        if (mayBeExpelled.test(TimeUnit.NANOSECONDS.toMillis(now))) {
          partition.giveBack(lane); // the loop finds out, and fences
          return false;
        }
        Attempt attempt = partition.begin(lane, now);
        if (attempt == null || !run(attempt, slot)) {
          return false;
        }
        // Asked after a record, never before the first: each slice gets on, and only a lane that
        // runs can be given back.
        now = time.nanos();
        if (now - sliceEnd > 0 && othersWait.getAsBoolean()) {
          return partition.yieldLane(lane);
        }
      }
    } finally {
      MDC.clear();
      progress.run();
    }
  }

  /** True when the lane is still this worker's. */
  private boolean run(Attempt attempt, WorkerSlot<K, V> slot) {
    slot.running(attempt);
    try {
      return attempt(attempt, slot);
    } catch (Throwable bug) { // ours: the user's code is guarded inside
      failures.holdAfterBug(attempt.lane(), bug);
      return false;
    } finally {
      attempt.markReturned();
      slot.running(null);
      Thread.interrupted(); // an interrupt meant for this record must not reach the next one
    }
  }

  private boolean attempt(Attempt attempt, WorkerSlot<K, V> slot) {
    MDC.put(MDC_OFFSET, Long.toString(attempt.record().offset()));
    MDC.put(MDC_ATTEMPT, Integer.toString(attempt.attempt()));
    ConsumerRecord<K, V> record;
    try {
      record = slot.decoder.decode(attempt.record());
    } catch (DecodeFailure failure) {
      return failures.failed(
          attempt, Objects.requireNonNullElse(failure.getCause(), failure), true);
    }
    if (!attempt.partition().looksOpen() && attempt.partition().withdraw(attempt)) {
      return false;
    }
    try {
      handler.handle(record, attempt);
    } catch (Throwable thrown) { // Errors included: the failure of this record
      return failures.failed(attempt, thrown, false);
    }
    if (attempt.firstFailureAt().isPresent()) {
      failures.recovered(attempt);
    }
    if (!attempt.partition().succeeded(attempt)) {
      return false;
    }
    evidence.succeeded(attempt.begunNanos());
    flood.succeeded();
    counters.handled.increment();
    return true;
  }

  /** The deserializers cannot even be made: no record is at fault, so the consumer ends. */
  void cannotDecode(Lane lane, Throwable thrown) {
    hold(lane, thrown);
    failures.cannotDecode(thrown);
    progress.run();
  }

  /** The library itself failed on this lane. */
  void hold(Lane lane, Throwable bug) {
    failures.holdAfterBug(lane, bug);
  }
}
