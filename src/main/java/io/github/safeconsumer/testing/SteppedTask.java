package io.github.safeconsumer.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A task of a {@link SteppedExecutor}: once, at a moment, or again and again. */
final class SteppedTask<T> extends FutureTask<T> implements RunnableScheduledFuture<T> {
  private final SteppedExecutor executor;
  private final VirtualTime time;
  private final long number;
  private final long rateNanos;
  private final long delayNanos;
  private long dueNanos;

  /**
   * @param rateNanos between two beginnings, or 0
   * @param delayNanos from an end to the next beginning, or 0
   */
  SteppedTask(
      SteppedExecutor executor,
      Callable<T> body,
      VirtualTime time,
      long number,
      long dueNanos,
      long rateNanos,
      long delayNanos) {
    super(body);
    this.executor = executor;
    this.time = time;
    this.number = number;
    this.dueNanos = dueNanos;
    this.rateNanos = rateNanos;
    this.delayNanos = delayNanos;
  }

  long dueNanos() {
    return dueNanos;
  }

  /** Orders what is due at the same moment. */
  long number() {
    return number;
  }

  boolean hasThread() {
    return executor.hasThread();
  }

  void runOnce() {
    executor.begin();
    try {
      if (!isPeriodic()) {
        run();
      } else if (runAndReset()) {
        dueNanos = rateNanos > 0 ? dueNanos + rateNanos : time.nanos() + delayNanos;
        executor.again(this);
      }
    } finally {
      executor.end(this);
    }
  }

  @Override
  public boolean isPeriodic() {
    return rateNanos > 0 || delayNanos > 0;
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(false);
    if (cancelled) {
      executor.forget(this);
    }
    return cancelled;
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(dueNanos - time.nanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return "a task of " + executor;
  }
}
