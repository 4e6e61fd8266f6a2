package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.BatchCall;
import io.github.safeconsumer.internal.core.HandlerCall;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.serde.DecodeFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Runs records in batches: start, deserialize, handle, judge each record, next. What is said of a
 * record is booked as if it had run alone; what comes after a failed one in its lane is sent back.
 */
final class BatchRunner<K, V> extends LaneRunner<K, V> {
  private final BatchHandler<K, V> handler;
  private final int most;
  private final Failures failures;
  private final Successes successes;
  private final Time time;

  /** Whether attempts cost anything: a field, so that nothing is called before the handler. */
  private final boolean costs;

  BatchRunner(
      BatchHandler<K, V> handler,
      int most,
      Failures failures,
      Successes successes,
      Permits permits,
      LongPredicate mayBeExpelled,
      Runnable progress,
      Time time) {
    super(failures, permits, mayBeExpelled, progress, time);
    this.time = time;
    this.handler = handler;
    this.most = most;
    this.failures = failures;
    this.successes = successes;
    this.costs = successes.costs();
  }

  /**
   * What came of calling the handler.
   *
   * @param entered false where a pause or a hand-over came while the bytes were read
   */
  private record Called(boolean entered, @Nullable Throwable thrown) {}

  /** What was found out about one record of a batch. */
  private record Verdict(Throwable failure, boolean deserializing) {}

  @Override
  boolean next(OwnedPartition partition, WorkerSlot<K, V> slot) {
    List<List<Attempt>> lanes = partition.batches().begin(most, slot.now);
    if (lanes.isEmpty()) {
      return false;
    }
    BatchCall call = new BatchCall(lanes);
    slot.running(call);
    try {
      run(partition, call, slot);
    } catch (Throwable bug) { // ours: the user's code is guarded inside
      if (call.returns()) {
        for (List<Attempt> lane : lanes) {
          failures.holdAfterBug(lane.get(0).lane(), bug);
          partition.batches().sendBack(lane, false);
        }
      }
    } finally {
      slot.lost = !call.returns();
      call.attempts().forEach(HandlerCall::markReturned);
      call.markReturned();
      slot.now = time.nanos();
      Thread.interrupted(); // an interrupt meant for this batch must not reach the next one
    }
    return !slot.lost;
  }

  private void run(OwnedPartition partition, BatchCall call, WorkerSlot<K, V> slot) {
    List<List<Attempt>> lanes = call.lanes();
    List<Attempt> batch = call.attempts();
    if (batch.size() == 1 && failures.goesOn(batch.get(0))) {
      return;
    }
    name(batch.get(0));
    Map<Attempt, Verdict> verdicts = new HashMap<>();
    List<Attempt> readable = new ArrayList<>(batch.size());
    List<ConsumerRecord<K, V>> records = decode(batch, slot, readable, verdicts);
    Called called =
        call.isOverdue()
            ? new Called(true, tooLate())
            : records.isEmpty()
                ? new Called(true, null)
                : handle(call, records, readable, verdicts);
    if (!left(call)) {
      return;
    }
    if (!called.entered()) {
      lanes.forEach(lane -> partition.batches().sendBack(lane, false));
      return;
    }
    Throwable thrown = called.thrown();
    if (thrown != null && batch.size() > 1) {
      failures.batchFailed(batch, thrown);
      lanes.forEach(lane -> partition.batches().sendBack(lane, true));
      return;
    }
    if (thrown != null) {
      verdicts.put(batch.get(0), new Verdict(thrown, false));
    }
    lanes.forEach(lane -> book(lane, verdicts));
  }

  private List<ConsumerRecord<K, V>> decode(
      List<Attempt> batch,
      WorkerSlot<K, V> slot,
      List<Attempt> readable,
      Map<Attempt, Verdict> verdicts) {
    List<ConsumerRecord<K, V>> records = new ArrayList<>(batch.size());
    Set<Lane> broken = new HashSet<>();
    for (Attempt attempt : batch) {
      if (broken.contains(attempt.lane())) {
        continue; // it has to stay behind one that cannot be read
      }
      try {
        records.add(slot.decoder.decode(attempt.record()));
        readable.add(attempt);
      } catch (DecodeFailure failure) {
        broken.add(attempt.lane());
        verdicts.put(
            attempt, new Verdict(Objects.requireNonNullElse(failure.getCause(), failure), true));
      }
    }
    return records;
  }

  /** What the handler threw, or null. */
  private Called handle(
      BatchCall call,
      List<ConsumerRecord<K, V>> records,
      List<Attempt> readable,
      Map<Attempt, Verdict> verdicts) {
    BatchAttempt context = new BatchAttempt(call, readable);
    long begun = time.nanos();
    if (readable.get(0).isOvertaken()) { // the last look: nothing comes between it and the handler
      return new Called(false, null);
    }
    if (costs) {
      readable.forEach(Attempt::entered);
    }
    try {
      handler.handle(records, context);
    } catch (Throwable thrown) { // Errors included
      return new Called(true, thrown);
    } finally {
      long now = time.nanos();
      if (left(call)) {
        readable.get(0).partition().batches().observed(now - begun, readable.size(), now);
      }
      context.end();
    }
    for (int i = 0; i < readable.size(); i++) {
      Throwable failure = context.failure(i);
      if (failure != null) {
        verdicts.put(readable.get(i), new Verdict(failure, false));
      }
    }
    return new Called(true, null);
  }

  /** Record after record of one lane, until one is not done: then the rest comes again. */
  private void book(List<Attempt> lane, Map<Attempt, Verdict> verdicts) {
    OwnedPartition partition = lane.get(0).partition();
    for (int i = 0; i < lane.size(); i++) {
      Attempt attempt = lane.get(i);
      Verdict verdict = verdicts.get(attempt);
      boolean done =
          (i == 0 || partition.batches().goOn(attempt))
              && (verdict == null
                  ? successes.succeeded(attempt)
                  : failures.failed(attempt, verdict.failure(), verdict.deserializing()));
      if (!done) {
        partition.batches().sendBack(lane.subList(i + 1, lane.size()), false);
        return;
      }
    }
    partition.work().giveBack(lane.get(0).lane());
  }
}
