package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.core.StallWatch;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A heartbeat of the process itself: feeds the {@link StallWatch}, and reports attempts that run
 * for unusually long, once each.
 */
final class Ticker {
  /** An attempt that runs for longer is reported with its stack. */
  static final Duration SLOW = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final long TICK_MILLIS = 200;

  private final StallWatch stalls;
  private final Time time;
  private final Events events;
  private final ScheduledExecutorService thread;
  private Set<Attempt> reported = Collections.newSetFromMap(new IdentityHashMap<>());

  Ticker(String name, StallWatch stalls, Time time, Events events, Execution execution) {
    this.stalls = stalls;
    this.time = time;
    this.events = events;
    this.thread = execution.single(name + "-ticker");
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the task catches everything
  void start(Supplier<List<InFlight>> inFlight) {
    thread.scheduleAtFixedRate(
        () -> {
          try {
            stalls.tick(TimeUnit.NANOSECONDS.toMillis(time.nanos()), time.millis());
            reportSlow(inFlight.get());
          } catch (Throwable thrown) { // a failed look must not be the last one
            LOG.warn("slow handlers not looked for: {}", SafeThrowables.className(thrown));
          }
        },
        0,
        TICK_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private void reportSlow(List<InFlight> inFlight) {
    Set<Attempt> stillSlow = Collections.newSetFromMap(new IdentityHashMap<>());
    for (InFlight one : inFlight) {
      Attempt attempt = one.attempt();
      Duration running = Duration.ofNanos(time.nanos() - attempt.begunNanos());
      if (running.compareTo(SLOW) < 0) {
        continue;
      }
      stillSlow.add(attempt);
      if (!reported.contains(attempt)) {
        events.emit(
            new SafeConsumerEvent.SlowHandler(
                events.now(),
                attempt.partition().topicPartition(),
                attempt.record().offset(),
                running,
                one.stack()));
      }
    }
    reported = stillSlow;
  }

  void close() {
    thread.shutdownNow();
  }
}
