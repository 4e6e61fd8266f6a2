package io.github.safeconsumer.internal.shell;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A future that waits for handlers or callbacks to end. Waiting for it inside one of them fails at
 * once, where it would wait for itself.
 */
final class Answer<T> extends CompletableFuture<T> {
  private final BooleanSupplier mustNotWait;

  /**
   * @param mustNotWait whether the calling thread is one that this future waits for
   */
  Answer(BooleanSupplier mustNotWait) {
    this.mustNotWait = mustNotWait;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new Answer<>(mustNotWait);
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    refuseToWaitForItself();
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    refuseToWaitForItself();
    return super.get(timeout, unit);
  }

  @Override
  public T join() {
    refuseToWaitForItself();
    return super.join();
  }

  private void refuseToWaitForItself() {
    if (!isDone() && mustNotWait.getAsBoolean()) {
      throw new IllegalStateException(
          "waiting here would wait for itself: it is complete only after this handler or callback"
              + " has returned. Use whenComplete(..), or wait on another thread");
    }
  }
}
