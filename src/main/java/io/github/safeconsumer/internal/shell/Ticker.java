package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.core.StallWatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A heartbeat of the process itself: feeds the {@link StallWatch}, and has the {@link Watchdog}
 * look at the handler and the {@link AlertWatch} at the whole.
 */
final class Ticker {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  private final String name;
  private final StallWatch stalls;
  private final Time time;
  private final long tickMillis;
  private final ScheduledExecutorService thread;

  Ticker(String name, StallWatch stalls, Time time, long tickMillis, Execution execution) {
    this.name = name;
    this.stalls = stalls;
    this.time = time;
    this.tickMillis = tickMillis;
    this.thread = execution.single(name + "-ticker");
  }

  /**
   * @param look at what runs
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the task catches everything
  void start(Runnable look) {
    thread.scheduleAtFixedRate(
        () -> {
          try {
            stalls.tick(TimeUnit.NANOSECONDS.toMillis(time.nanos()), time.millis());
            look.run();
          } catch (Throwable thrown) { // a failed look must not be the last one
            LOG.warn(
                "consumer={} problem=\"handlers and alerts were not looked at\" exceptionClass={}",
                name,
                SafeThrowables.className(thrown));
          }
        },
        0,
        tickMillis,
        TimeUnit.MILLISECONDS);
  }

  void close() {
    thread.shutdownNow();
  }
}
