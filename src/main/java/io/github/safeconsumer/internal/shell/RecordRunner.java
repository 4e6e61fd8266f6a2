package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.serde.DecodeFailure;
import java.util.Objects;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Runs records one by one: start, deserialize, handle, book, next. */
final class RecordRunner<K, V> extends LaneRunner<K, V> {
  private final RecordHandler<K, V> handler;
  private final @Nullable AsyncAttempts<K, V> async;
  private final Failures failures;
  private final Successes successes;
  private final Time time;

  RecordRunner(
      RecordHandler<K, V> handler,
      @Nullable AsyncAttempts<K, V> async,
      Failures failures,
      Successes successes,
      Permits permits,
      LongPredicate mayBeExpelled,
      Runnable progress,
      Time time) {
    super(failures, permits, mayBeExpelled, progress, time);
    this.time = time;
    this.handler = handler;
    this.async = async;
    this.failures = failures;
    this.successes = successes;
  }

  @Override
  boolean next(OwnedPartition partition, WorkerSlot<K, V> slot) {
    Attempt last = slot.last;
    Attempt attempt = last == null ? null : partition.work().goOn(last, slot.now);
    if (attempt == null) {
      attempt = partition.work().begin(slot.lane, async == null, slot.now);
    }
    slot.lane = null;
    slot.last = null;
    if (attempt == null) {
      return false;
    }
    if (run(attempt, slot)) {
      slot.lane = attempt.lane();
      slot.last = attempt;
    }
    return !slot.lost;
  }

  /** True when the lane is still this worker's. */
  private boolean run(Attempt attempt, WorkerSlot<K, V> slot) {
    slot.running(attempt);
    long begun = slot.now;
    try {
      return attempt(attempt, slot);
    } catch (Throwable bug) { // ours: the user's code is guarded inside
      if (!slot.permitted || attempt.returns()) {
        failures.holdAfterBug(attempt.lane(), bug);
      }
      return false;
    } finally {
      if (slot.permitted) {
        slot.lost = !attempt.returns();
        attempt.markReturned();
      } else {
        slot.running(null);
      }
      if (slot.now == begun) { // else it was read when the handler returned
        slot.now = time.nanos();
      }
      Thread.interrupted(); // an interrupt meant for this record must not reach the next one
    }
  }

  private boolean attempt(Attempt attempt, WorkerSlot<K, V> slot) {
    if (failures.goesOn(attempt)) {
      return false;
    }
    name(attempt);
    ConsumerRecord<K, V> record;
    try {
      record = slot.decoder.decode(attempt.record());
    } catch (DecodeFailure failure) {
      boolean interrupted = attempt.isOverdue(); // then its bytes may well be readable
      return left(attempt)
          && failures.failed(
              attempt, Objects.requireNonNullElse(failure.getCause(), failure), !interrupted);
    }
    if (attempt.isOverdue()) {
      return left(attempt) && failures.failed(attempt, tooLate(), false);
    }
    attempt.enters();
    AsyncAttempts<K, V> asynchronous = async;
    if (asynchronous != null) {
      return asynchronous.begin(record, attempt, slot);
    }
    attempt.entersAt(time.nanos());
    // The last look: nothing comes between it and the handler.
    if (attempt.isOvertaken() && attempt.partition().work().withdraw(attempt)) {
      attempt.doesNotEnter();
      return false;
    }
    try {
      handler.handle(record, attempt);
    } catch (Throwable thrown) { // Errors included: the failure of this record
      long now = time.nanos();
      if (!left(attempt)) {
        return false;
      }
      attempt.leaves(now);
      return failures.failed(attempt, thrown, false);
    }
    slot.now = time.nanos();
    if (!left(attempt)) {
      return false;
    }
    attempt.leaves(slot.now);
    return successes.succeeded(attempt);
  }
}
