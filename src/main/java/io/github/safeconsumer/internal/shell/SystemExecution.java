package io.github.safeconsumer.internal.shell;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Real threads. Pools give their threads back after a short idle time, so a consumer that has
 * nothing to do keeps none but its loop, its ticker and its housekeeper.
 */
final class SystemExecution implements Execution {
  private static final long WORKER_IDLE_SECONDS = 10;
  private static final long IDLE_SECONDS = 1;

  @Override
  public Thread loop(String name, Turns turns) {
    return thread(
        name,
        false,
        () -> {
          while (turns.turn()) {
            // each turn reconciles once
          }
        });
  }

  @Override
  public Thread thread(String name, boolean daemon, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(daemon);
    return thread;
  }

  @Override
  public ScheduledExecutorService single(String name) {
    ScheduledThreadPoolExecutor pool =
        new ScheduledThreadPoolExecutor(1, task -> thread(name, true, task));
    pool.setRemoveOnCancelPolicy(true);
    pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    pool.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public ExecutorService workers(String consumer, int threads, @Nullable ThreadFactory users) {
    ThreadFactory factory = users != null ? refusingNull(users) : numbered(consumer + "-worker");
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            WORKER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public void resize(ExecutorService workers, int threads) {
    ThreadPoolExecutor pool = (ThreadPoolExecutor) workers;
    if (threads >= pool.getMaximumPoolSize()) {
      pool.setMaximumPoolSize(threads);
      pool.setCorePoolSize(threads); // makes threads for what is queued
    } else {
      pool.setCorePoolSize(threads);
      pool.setMaximumPoolSize(threads);
    }
  }

  @Override
  public ExecutorService notifier(String consumer) {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        numbered(consumer + "-notify"));
  }

  @Override
  public Parker parker() {
    return new ThreadParker();
  }

  @Override
  public boolean await(Future<?> future, Duration atMost) throws InterruptedException {
    try {
      future.get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException | CancellationException ended) {
      return true;
    }
  }

  private ThreadFactory numbered(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return task -> thread(prefix + "-" + count.incrementAndGet(), true, task);
  }

  /** A pool takes a null for "not now" and waits for ever; here it is an error that shows. */
  private static ThreadFactory refusingNull(ThreadFactory users) {
    return task -> {
      Thread thread = users.newThread(task);
      if (thread == null) {
        throw new IllegalStateException("the factory given to workerThreads(..) returned null");
      }
      return thread;
    };
  }

  private static final class ThreadParker implements Parker {
    private volatile @Nullable Thread owner;

    @Override
    public void own() {
      owner = Thread.currentThread();
    }

    @Override
    public void park(long nanos) {
      if (nanos > 0) {
        LockSupport.parkNanos(this, nanos);
      }
    }

    @Override
    public void wake() {
      LockSupport.unpark(owner);
    }
  }
}
