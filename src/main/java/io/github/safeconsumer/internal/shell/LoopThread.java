package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport.StillRunning;
import io.github.safeconsumer.SafeConsumer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of one run of the loop: it owns the KafkaConsumer. The only thread that is no daemon,
 * so a started consumer keeps its JVM alive until it is closed or suspended. While it lives, a
 * shutdown hook closes the consumer.
 */
final class LoopThread<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");

  private final LoopRun<K, V> run;
  private final String consumer;
  private final Thread thread;
  private final @Nullable Thread hook;

  /**
   * @param close asks for the end of the consumer; called by the hook
   */
  LoopThread(LoopRun<K, V> run, Runnable close) {
    this.run = run;
    this.consumer = run.parts().settings().name();
    this.thread = run.parts().platform().execution().loop(consumer + "-loop", run);
    this.hook =
        run.parts().settings().shutdownHook()
            ? new Thread(() -> closeAtShutdown(close), consumer + "-shutdown")
            : null;
  }

  void start() {
    if (hook != null) {
      try {
        Runtime.getRuntime().addShutdownHook(hook);
      } catch (IllegalStateException shuttingDown) {
        LOG.warn("consumer={} problem=\"started while the JVM shuts down\"", consumer);
      }
    }
    thread.start();
  }

  LoopRun<K, V> run() {
    return run;
  }

  void wake() {
    run.parts().parker().wake();
  }

  boolean is(Thread other) {
    return thread == other;
  }

  StillRunning stillRunning() {
    return new StillRunning("the loop", thread.getName(), List.of(thread.getStackTrace()));
  }

  private void closeAtShutdown(Runnable close) {
    run.parts().chargeExits();
    close.run();
    boolean interrupted = false;
    try {
      thread.join(SafeConsumer.CLOSE_BOUND.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The run is over: nothing is left for a hook to do. */
  void removeHook() {
    if (hook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException shuttingDown) {
        // the hook itself brought us here
      }
    }
  }
}
