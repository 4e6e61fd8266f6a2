package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One simulated thread with delayed tasks, and the manners of a ScheduledThreadPoolExecutor of one
 * thread whose delayed tasks do not outlive shutdown().
 */
final class SimTimers extends AbstractExecutorService implements ScheduledExecutorService {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SimExecution execution;
  private final String name;
  private final PriorityQueue<Task<?>> queue = new PriorityQueue<>();
  private long sequence;
  private SimThread thread;
  private boolean shutdown;

  SimTimers(SimExecution execution, String name) {
    this.execution = execution;
    this.name = name;
  }

  private long now() {
    return execution.scheduler().nanos();
  }

  private <V> Task<V> submit(Task<V> task) {
    execution.mayYield();
    if (shutdown) {
      throw new RejectedExecutionException(name + " is shut down");
    }
    queue.add(task);
    ensureThread();
    execution.mayYield();
    return task;
  }

  private void ensureThread() {
    if (thread == null && !queue.isEmpty()) {
      thread = execution.spawn(name, this::work);
    }
  }

  private void work() {
    SimThread self = execution.scheduler().current();
    try {
      while (true) {
        Task<?> head = queue.peek();
        if (head != null && head.due <= now()) {
          queue.poll();
          head.runOnce();
          Thread.interrupted();
          execution.mayYield();
          continue;
        }
        if (shutdown && head == null) {
          return;
        }
        long wait = head == null ? IDLE_NANOS : head.due - now();
        self.idle = true;
        SimThread.Woken woken =
            execution.scheduler().await(() -> queue.peek() != head || shutdown, wait, false);
        self.idle = false;
        if (woken == SimThread.Woken.TIME && head == null && queue.isEmpty()) {
          return;
        }
      }
    } finally {
      thread = null;
      if (!execution.jvm().isDead()) {
        ensureThread(); // a task came while this one left, or a task's Error ended it
      }
    }
  }

  @Override
  public void execute(Runnable command) {
    schedule(command, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return submit(new Task<Object>(command, at(delay, unit), 0));
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return submit(new Task<>(callable, at(delay, unit)));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return submit(new Task<Object>(command, at(initialDelay, unit), unit.toNanos(period)));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return submit(new Task<Object>(command, at(initialDelay, unit), -unit.toNanos(delay)));
  }

  private long at(long delay, TimeUnit unit) {
    return now() + Math.max(0, unit.toNanos(delay));
  }

  @Override
  public void shutdown() {
    shutdown = true;
    List<Task<?>> all = new ArrayList<>(queue);
    for (Task<?> task : all) {
      if (task.period != 0 || task.due > now()) {
        queue.remove(task);
        task.cancel(false);
      }
    }
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    List<Runnable> left = new ArrayList<>(queue);
    queue.clear();
    if (thread != null) {
      thread.thread().interrupt();
    }
    return left;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && thread == null && queue.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return execution.awaitInterruptibly(this::isTerminated, unit.toNanos(timeout));
  }

  private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
    private final long order = ++sequence;
    private final long period;
    private long due;

    /**
     * @param period above 0 a fixed rate, below a fixed delay
     */
    Task(Runnable task, long due, long period) {
      super(task, null);
      this.due = due;
      this.period = period;
    }

    Task(Callable<V> task, long due) {
      super(task);
      this.due = due;
      this.period = 0;
    }

    void runOnce() {
      if (period == 0) {
        super.run();
      } else if (super.runAndReset() && !shutdown) {
        due = period > 0 ? due + period : now() - period;
        queue.add(this);
      }
    }

    @Override
    public boolean cancel(boolean interrupt) {
      boolean cancelled = super.cancel(interrupt);
      queue.remove(this);
      return cancelled;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - now(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      Task<?> task = (Task<?>) other;
      return due != task.due ? Long.compare(due, task.due) : Long.compare(order, task.order);
    }
  }
}
