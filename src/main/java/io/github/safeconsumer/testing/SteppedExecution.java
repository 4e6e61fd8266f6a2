package io.github.safeconsumer.testing;

import io.github.safeconsumer.internal.shell.Execution;
import io.github.safeconsumer.internal.shell.Parker;
import io.github.safeconsumer.internal.shell.Turns;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Threads, timers and waits of the library, all on one {@link Stage}: there is no other thread. */
final class SteppedExecution implements Execution {
  private final Stage stage;

  SteppedExecution(Stage stage) {
    this.stage = stage;
  }

  /** A thread by name only: started, its body becomes part of the stage. */
  private static final class NamedThread extends Thread {
    private final Runnable onStart;

    NamedThread(String name, Runnable onStart) {
      super(name);
      this.onStart = onStart;
    }

    @Override
    public synchronized void start() {
      onStart.run();
    }
  }

  @Override
  public Thread thread(String name, boolean daemon, Runnable body) {
    return new NamedThread(name, () -> new SteppedExecutor(name, 1, stage).execute(body));
  }

  @Override
  public Thread loop(String name, Turns turns) {
    return new NamedThread(name, () -> stage.addLoop(turns));
  }

  @Override
  public ScheduledExecutorService single(String name) {
    return new SteppedExecutor(name, 1, stage);
  }

  @Override
  public ExecutorService workers(String consumer, int threads, @Nullable ThreadFactory users) {
    return new SteppedExecutor(consumer + "-worker", threads, stage);
  }

  @Override
  public void resize(ExecutorService workers, int threads) {
    ((SteppedExecutor) workers).resize(threads);
  }

  @Override
  public ExecutorService notifier(String consumer) {
    return new SteppedExecutor(consumer + "-notify", Integer.MAX_VALUE, stage);
  }

  @Override
  public Parker parker() {
    return new SteppedParker(stage);
  }

  @Override
  public boolean await(Future<?> future, Duration atMost) {
    return stage.waitFor(future::isDone, atMost.toNanos());
  }

  private static final class SteppedParker implements Parker {
    private final Stage stage;
    private volatile boolean woken;

    SteppedParker(Stage stage) {
      this.stage = stage;
    }

    @Override
    public void own() {
      // there is one thread
    }

    @Override
    public void park(long nanos) {
      if (woken) {
        woken = false;
      } else {
        stage.rest(nanos);
      }
    }

    @Override
    public void wake() {
      woken = true;
      stage.happened();
    }
  }
}
