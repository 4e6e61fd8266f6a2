package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Handshake;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * Completes futures, never on the loop and each on a thread of its own: a dependent stage of the
 * user's may block.
 */
final class Notifier {
  private final ExecutorService threads;

  Notifier(String consumer, Execution execution) {
    this.threads = execution.notifier(consumer);
  }

  void complete(List<Handshake.Settled> settled) {
    settled.forEach(one -> complete(one.future(), one.outcome()));
  }

  <T> void complete(CompletableFuture<T> future, T value) {
    if (future.isDone()) {
      return;
    }
    try {
      threads.execute(() -> future.complete(value));
    } catch (RejectedExecutionException | OutOfMemoryError noThread) {
      future.complete(
          value); // it must complete: the consumer is over, or the machine has no thread left
    }
  }

  /** Runs it on a thread of its own. */
  void run(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException | OutOfMemoryError noThread) {
      task.run();
    }
  }

  <T> CompletableFuture<T> completed(T value) {
    CompletableFuture<T> future = new CompletableFuture<>();
    complete(future, value);
    return future;
  }

  void close() {
    threads.shutdown();
  }
}
