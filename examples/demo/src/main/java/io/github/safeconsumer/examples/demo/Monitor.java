package io.github.safeconsumer.examples.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Watches the groups while they run: asks the broker how they stand, shows it, and notices when
 * SafeConsumer has nothing left to do. One thread does all of it.
 */
final class Monitor implements AutoCloseable {
  private static final Duration PROBE_PACE = Duration.ofMillis(250);
  private static final long RUNNING = Long.MIN_VALUE;
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

  private final BrokerProbe probe;
  private final NaiveGroup naive;
  private final SafeGroup safe;
  private final Display display;
  private final Timeline timeline;
  private final int orders;
  private final long start = System.nanoTime();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "monitor"));
  private final CompletableFuture<Duration> done = new CompletableFuture<>();
  private final Set<Set<String>> memberships = ConcurrentHashMap.newKeySet();
  private final Map<Group, Long> handledBefore = new HashMap<>();
  private final AtomicLong end = new AtomicLong(RUNNING);
  private long shownBefore = start;

  /** {@code orders} is how many a partition will hold. */
  Monitor(
      BrokerProbe probe,
      NaiveGroup naive,
      SafeGroup safe,
      Display display,
      Timeline timeline,
      int orders) {
    this.probe = probe;
    this.naive = naive;
    this.safe = safe;
    this.display = display;
    this.timeline = timeline;
    this.orders = orders;
  }

  /** The clock of the run starts. */
  void start() {
    timeline.begin();
    every(PROBE_PACE, this::probe);
    every(display.pace(), this::show);
  }

  /**
   * Completes when the broker shows that SafeConsumer has committed all there is; in time after
   * {@link #start}.
   */
  CompletableFuture<Duration> safeDone() {
    return done;
  }

  private void every(Duration pace, Task task) {
    timer.scheduleAtFixedRate(
        () -> {
          try {
            task.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (ExecutionException | RuntimeException e) {
            done.completeExceptionally(e);
          }
        },
        pace.toNanos(),
        pace.toNanos(),
        TimeUnit.NANOSECONDS);
  }

  private void probe() throws InterruptedException, ExecutionException {
    memberships.add(probe.members(safe.id()));
    Offsets offsets = sample(safe);
    sample(naive);
    timeline.diagnosed(safe.diagnosis());
    boolean whole = offsets.end().stream().allMatch(end -> end >= orders);
    if (whole && offsets.lag() == 0) {
      done.complete(elapsed());
    }
  }

  private Offsets sample(Group group) throws InterruptedException, ExecutionException {
    Offsets offsets = probe.offsets(group.id(), Topics.ORDERS);
    timeline.sample(group.name(), offsets.lag(), group.journal().handled());
    return offsets;
  }

  private void show() throws InterruptedException, ExecutionException {
    long now = System.nanoTime();
    Duration since = Duration.ofNanos(now - shownBefore);
    shownBefore = now;
    display.show(
        List.of(
            standing(naive, rateSince(naive, since), OptionalLong.empty()),
            standing(safe, rateSince(safe, since), deadLetters())));
  }

  private long rateSince(Group group, Duration since) {
    long handled = group.journal().handled();
    Long before = handledBefore.put(group, handled);
    return rate(handled - (before == null ? 0 : before), since);
  }

  /** How the groups stand, with their rates over the whole run. */
  List<Standing> total() throws InterruptedException, ExecutionException {
    return List.of(
        standing(naive, averageRate(naive), OptionalLong.empty()),
        standing(safe, averageRate(safe), deadLetters()));
  }

  private long averageRate(Group group) {
    return rate(group.journal().handled(), time(group));
  }

  private Standing standing(Group group, long rate, OptionalLong deadLettered)
      throws InterruptedException, ExecutionException {
    Journal journal = group.journal();
    return new Standing(
        group.name(),
        probe.offsets(group.id(), Topics.ORDERS).lags(),
        journal.handled(),
        rate,
        group.rebalances(),
        journal.duplicates(),
        journal.retried(),
        deadLettered,
        time(group),
        group.news());
  }

  private OptionalLong deadLetters() throws InterruptedException, ExecutionException {
    return OptionalLong.of(probe.count(Topics.DEAD_LETTERS));
  }

  private Duration time(Group group) {
    boolean ended = group == safe && done.isDone() && !done.isCompletedExceptionally();
    return ended ? done.join() : elapsed();
  }

  /** The time since {@link #start}, up to {@link #close}. */
  Duration elapsed() {
    long now = end.get();
    return Duration.ofNanos((now == RUNNING ? System.nanoTime() : now) - start);
  }

  private static long rate(long count, Duration time) {
    return Math.round(count / Math.max(0.001, time.toNanos() / 1e9));
  }

  /** The sets of members that the broker showed for SafeConsumer's group. */
  Set<Set<String>> memberships() {
    return Set.copyOf(memberships);
  }

  /** Stops the clock and the display. */
  @Override
  public void close() {
    end.compareAndSet(RUNNING, System.nanoTime());
    timeline.end();
    timer.shutdownNow();
    try {
      timer.awaitTermination(CLOSE_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    display.end();
  }

  private interface Task {
    void run() throws InterruptedException, ExecutionException;
  }
}
