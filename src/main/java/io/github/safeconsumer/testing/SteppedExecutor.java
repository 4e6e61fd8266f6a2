package io.github.safeconsumer.testing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An executor whose tasks are run by the {@link Stage}, on the thread of the driver. As in a real
 * pool no more of them are under way than it has threads; more than one only while one waits.
 *
 * <p>Concurrency: one lock, the stage's.
 */
final class SteppedExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final String name;
  private final Stage stage;
  private final Set<SteppedTask<?>> pending = new LinkedHashSet<>();
  private int threads;
  private int running;
  private boolean shutdown;

  SteppedExecutor(String name, int threads, Stage stage) {
    this.name = name;
    this.threads = threads;
    this.stage = stage;
  }

  void resize(int most) {
    synchronized (stage) {
      threads = most;
    }
  }

  boolean hasThread() {
    synchronized (stage) {
      return running < threads;
    }
  }

  void begin() {
    synchronized (stage) {
      running++;
    }
  }

  void end(SteppedTask<?> task) {
    synchronized (stage) {
      running--;
      if (task.isDone()) {
        pending.remove(task);
      }
    }
  }

  void again(SteppedTask<?> task) {
    if (isShutdown()) {
      task.cancel(false);
    } else {
      stage.at(task);
    }
  }

  void forget(SteppedTask<?> task) {
    synchronized (stage) {
      pending.remove(task);
      stage.forget(task);
    }
  }

  @Override
  public void execute(Runnable body) {
    SteppedTask<?> unused = add(callable(body), 0, 0, 0); // nobody waits for it
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable body, long delay, TimeUnit unit) {
    return add(callable(body), unit.toNanos(delay), 0, 0);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> body, long delay, TimeUnit unit) {
    return add(body, unit.toNanos(delay), 0, 0);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable body, long first, long period, TimeUnit unit) {
    return add(callable(body), unit.toNanos(first), unit.toNanos(period), 0);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable body, long first, long delay, TimeUnit unit) {
    return add(callable(body), unit.toNanos(first), 0, unit.toNanos(delay));
  }

  private static Callable<Object> callable(Runnable body) {
    return java.util.concurrent.Executors.callable(body);
  }

  private <V> SteppedTask<V> add(Callable<V> body, long delay, long rate, long pause) {
    synchronized (stage) {
      if (shutdown) {
        throw new RejectedExecutionException(name + " is shut down");
      }
      long due = stage.time().nanos() + Math.max(0, delay);
      SteppedTask<V> task =
          new SteppedTask<>(this, body, stage.time(), stage.nextNumber(), due, rate, pause);
      pending.add(task);
      if (delay <= 0 && !task.isPeriodic()) {
        stage.queue(task);
      } else {
        stage.at(task);
      }
      return task;
    }
  }

  /** What is queued still runs; what waits for its time does not. */
  @Override
  public void shutdown() {
    List<SteppedTask<?>> waiting;
    synchronized (stage) {
      shutdown = true;
      waiting =
          pending.stream()
              .filter(t -> t.isPeriodic() || t.getDelay(TimeUnit.NANOSECONDS) > 0)
              .toList();
    }
    waiting.forEach(task -> task.cancel(false));
  }

  @Override
  public List<Runnable> shutdownNow() {
    List<SteppedTask<?>> all;
    synchronized (stage) {
      shutdown = true;
      all = List.copyOf(pending);
    }
    all.forEach(task -> task.cancel(false));
    return new ArrayList<>(all);
  }

  @Override
  public boolean isShutdown() {
    synchronized (stage) {
      return shutdown;
    }
  }

  @Override
  public boolean isTerminated() {
    synchronized (stage) {
      return shutdown && running == 0 && pending.isEmpty();
    }
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return stage.waitFor(this::isTerminated, unit.toNanos(timeout));
  }

  @Override
  public String toString() {
    return name;
  }
}
