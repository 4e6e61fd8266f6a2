package io.github.safeconsumer.internal.deadletter;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A scheduled executor on the test's own thread and time: nothing runs before {@link #run} or
 * {@link #advance}.
 */
final class ManualExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          Comparator.comparingLong((Task t) -> t.due).thenComparingLong(t -> t.number));
  private long now;
  private long number;
  private boolean shutdown;

  /** Runs what is due now. */
  void run() {
    advance(Duration.ZERO);
  }

  /** Moves time, running what falls due in its order. */
  void advance(Duration time) {
    long end = now + time.toNanos();
    while (!tasks.isEmpty() && tasks.peek().due <= end) {
      Task task = tasks.poll();
      now = Math.max(now, task.due);
      task.body.run();
    }
    now = end;
  }

  /** Moves time without running anything: the one thread is busy. */
  void pass(Duration time) {
    now += time.toNanos();
  }

  int pending() {
    return tasks.size();
  }

  long nanoTime() {
    return now;
  }

  Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return Instant.parse("2026-03-01T10:00:00Z").plusNanos(now);
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  @Override
  public void execute(Runnable body) {
    ScheduledFuture<?> unused = schedule(body, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable body, long delay, TimeUnit unit) {
    if (shutdown) {
      throw new RejectedExecutionException();
    }
    Task task = new Task(body, now + unit.toNanos(delay), number++);
    tasks.add(task);
    return task;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> body, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable body, long first, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable body, long first, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    tasks.clear();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && tasks.isEmpty();
  }

  @Override
  public boolean awaitTermination(long time, TimeUnit unit) {
    return isTerminated();
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> all) {
    throw new UnsupportedOperationException();
  }

  private static final class Task extends CompletableFuture<Object>
      implements ScheduledFuture<Object> {
    private final Runnable body;
    private final long due;
    private final long number;

    private Task(Runnable body, long due, long number) {
      this.body = body;
      this.due = due;
      this.number = number;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Delayed other) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
