package io.github.safeconsumer.internal.shell;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where the library's code runs and waits. Every thread, timer and wait of it comes from here, so a
 * simulation or a stepped test can own them all; {@link SystemExecution} is the real one.
 */
public interface Execution {
  /** The thread of a loop, not started yet: turn after turn, to the last one. No daemon. */
  Thread loop(String name, Turns turns);

  /** A thread that is not started yet. */
  Thread thread(String name, boolean daemon, Runnable body);

  /**
   * One daemon thread, made when needed: tasks in order, with delays. Delayed tasks do not outlive
   * shutdown().
   */
  ScheduledExecutorService single(String name);

  /**
   * Runs attempts: as many threads as attempts may run at once.
   *
   * @param users the caller's factory, or null for daemon threads named after the consumer
   */
  ExecutorService workers(String consumer, int threads, @Nullable ThreadFactory users);

  /** Changes how many threads a pool of {@link #workers} has at most; those that run go on. */
  void resize(ExecutorService workers, int threads);

  /** A thread for each task, so that one that blocks holds up no other. */
  ExecutorService notifier(String consumer);

  /** A resting place for one loop. */
  Parker parker();

  /** Waits until it is done, at most so long. True when it is done, however it ended. */
  boolean await(Future<?> future, Duration atMost) throws InterruptedException;
}
