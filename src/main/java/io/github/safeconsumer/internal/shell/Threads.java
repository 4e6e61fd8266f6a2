package io.github.safeconsumer.internal.shell;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How the library makes and ends threads. All but the loop are daemons: a hung handler must not
 * keep the JVM alive.
 */
final class Threads {
  private static final long IDLE_SECONDS = 10;

  private Threads() {}

  static Thread daemon(String threadName, Runnable task) {
    Thread thread = new Thread(task, threadName);
    thread.setDaemon(true);
    return thread;
  }

  private static ThreadFactory numbered(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return task -> daemon(prefix + "-" + count.incrementAndGet(), task);
  }

  /** The workers: as many threads as attempts may run at once, made when needed. */
  static ThreadPoolExecutor workers(
      String consumer, int concurrency, @Nullable ThreadFactory users) {
    ThreadFactory factory = users != null ? refusingNull(users) : numbered(consumer + "-worker");
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            concurrency,
            concurrency,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
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

  /** One thread, tasks in order. */
  static ThreadPoolExecutor single(ThreadFactory factory) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** For completing futures: a dependent stage of the user's that blocks holds up no other. */
  static ThreadPoolExecutor notifier(String consumer) {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        numbered(consumer + "-notify"));
  }

  /** Ends a pool; true when all its threads ended within the bound. */
  static boolean shutdown(ExecutorService pool, long nanos) {
    pool.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    try {
      ended = pool.awaitTermination(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }
}
