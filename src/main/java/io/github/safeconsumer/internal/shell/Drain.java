package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.RetryQueue;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Waits, inside a rebalance callback or close, until nothing of the leaving partitions runs. While
 * it waits, the other partitions keep working: due retries are started, and the clock of the
 * process is watched. No Kafka call is made.
 */
final class Drain {
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Burials burials;
  private final RetryQueue waiting;
  private final Runnable pump;
  private final Parker parker;
  private final Time time;
  private final long timeoutNanos;
  private long cutAt;
  private boolean cut;

  Drain(
      Burials burials,
      RetryQueue waiting,
      Runnable pump,
      Parker parker,
      Time time,
      Duration timeout) {
    this.burials = burials;
    this.waiting = waiting;
    this.pump = pump;
    this.parker = parker;
    this.time = time;
    this.timeoutNanos = timeout.toNanos();
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  /**
   * close() came: no wait goes on past this moment. Asked for at every turn; the earliest moment
   * counts, since what is left to drain shrinks with what is left of close()'s bound.
   */
  void cutAt(long nanos) {
    if (!cut || nanos - cutAt < 0) {
      cutAt = nanos;
      cut = true;
    }
  }

  /** Waits until nothing of them runs any more, at most until then. */
  void await(List<OwnedPartition> leaving, long until) {
    leaving.forEach(OwnedPartition::drain);
    while ((running(leaving) > 0 || burials.inFlight(leaving) || !burials.giveUp(leaving))
        && !isOver(until)) {
      step();
    }
  }

  /** Whether a dead letter of these is under way. */
  boolean isSending(Collection<OwnedPartition> partitions) {
    return burials.inFlight(partitions);
  }

  /** The records whose dead letters were not acknowledged. */
  List<String> unacknowledged() {
    return burials.unacknowledged();
  }

  void awaitCallback(CompletableFuture<Void> callback, long until) {
    while (!callback.isDone() && !isOver(until)) {
      step();
    }
  }

  void forgetEnded() {
    waiting.forgetEnded();
    burials.forgetEnded();
  }

  private void step() {
    pump.run();
    parker.park(STEP_NANOS);
  }

  private boolean isOver(long until) {
    long now = time.nanos();
    return now - until >= 0 || (cut && now - cutAt >= 0);
  }

  /** How many attempts of these run. */
  static int running(List<OwnedPartition> partitions) {
    int count = 0;
    for (OwnedPartition partition : partitions) {
      count += partition.work().runningCount();
    }
    return count;
  }
}
