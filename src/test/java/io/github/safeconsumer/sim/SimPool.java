package io.github.safeconsumer.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A pool of simulated threads with one queue, and the manners of a ThreadPoolExecutor: threads end
 * after an idle time, at shutdown() when the queue is empty.
 */
final class SimPool extends AbstractExecutorService {
  private final SimExecution execution;
  private final String name;
  private final long idleNanos;
  private final Deque<Runnable> queue = new ArrayDeque<>();
  private final List<SimThread> threads = new ArrayList<>();
  private int most;
  private int idle;
  private int made;
  private boolean shutdown;
  private boolean stopped;

  SimPool(SimExecution execution, String name, int most, long idleNanos) {
    this.execution = execution;
    this.name = name;
    this.most = most;
    this.idleNanos = idleNanos;
  }

  @Override
  public void execute(Runnable task) {
    execution.mayYield();
    if (shutdown) {
      throw new RejectedExecutionException(name + " is shut down");
    }
    queue.addLast(task);
    if (queue.size() > idle && threads.size() < most) {
      add();
    }
    execution.mayYield();
  }

  private void add() {
    made++;
    SimThread[] self = new SimThread[1];
    self[0] = execution.spawn(name + (most == 1 ? "" : "-" + made), () -> work(self));
    threads.add(self[0]);
  }

  /**
   * More threads take what is queued; of fewer, those too many end when they have nothing to do.
   */
  void resize(int threadsAtMost) {
    execution.mayYield();
    most = threadsAtMost;
    for (int wanted = queue.size() - idle; wanted > 0 && threads.size() < most; wanted--) {
      add();
    }
  }

  private void work(SimThread[] self) {
    try {
      while (true) {
        Runnable task = queue.pollFirst();
        if (task == null) {
          if (shutdown || !waitForWork(self[0])) {
            return;
          }
          continue;
        }
        task.run();
        Thread.interrupted(); // as between the tasks of a ThreadPoolExecutor
        execution.mayYield();
      }
    } finally {
      threads.remove(self[0]);
    }
  }

  private boolean waitForWork(SimThread self) {
    idle++;
    self.idle = true;
    SimThread.Woken woken =
        execution.scheduler().await(() -> !queue.isEmpty() || shutdown, idleNanos, false);
    self.idle = false;
    idle--;
    return woken != SimThread.Woken.TIME || !queue.isEmpty();
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    stopped = true;
    List<Runnable> left = new ArrayList<>(queue);
    queue.clear();
    threads.forEach(thread -> thread.thread().interrupt());
    return left;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && threads.isEmpty() && (queue.isEmpty() || stopped);
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return execution.awaitInterruptibly(this::isTerminated, unit.toNanos(timeout));
  }
}
