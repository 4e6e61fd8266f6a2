package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Many seeds, some at once; it ends with the first that fails. */
final class Campaign {
  /** Making a failure smaller takes its time: the first ones have to do for a reader. */
  private static final int MOST_STORIES = 3;

  private final int threads;
  private final AtomicInteger stories = new AtomicInteger();
  private final long deadlineNanos;
  private final Tally tally = new Tally();
  private final List<Failure> failures = new ArrayList<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final boolean stopAtFirst;

  /**
   * A seed whose run failed.
   *
   * @param text for a reader
   */
  record Failure(long seed, String what, String text) {}

  /**
   * @param deadlineNanos by System.nanoTime(): no seed is begun after it
   */
  Campaign(int threads, long deadlineNanos, boolean stopAtFirst) {
    this.threads = threads;
    this.deadlineNanos = deadlineNanos;
    this.stopAtFirst = stopAtFirst;
  }

  /** Runs these seeds: the supplier is asked by several threads, and says -1 at the end. */
  List<Failure> run(LongSupplier seeds) throws InterruptedException {
    List<Thread> runners = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread runner = new Thread(() -> runAll(seeds), "simulation-" + i);
      runner.setDaemon(true);
      runner.start();
      runners.add(runner);
    }
    for (Thread runner : runners) {
      runner.join();
    }
    return failures;
  }

  private void runAll(LongSupplier seeds) {
    while (!over.get() && System.nanoTime() - deadlineNanos < 0) {
      long seed = seeds.getAsLong();
      if (seed < 0) {
        return;
      }
      try {
        Simulation run = new Simulation(Plan.of(seed), 0).run();
        tally.add(run);
        String failure = run.verdict();
        if (failure != null) {
          failed(seed, failure);
        }
      } catch (InterruptedException e) {
        return;
      } catch (Throwable thrown) { // the simulation itself
        failed(seed, "the simulation broke: " + thrown);
      }
    }
  }

  private void failed(long seed, String failure) {
    if (stopAtFirst && !over.compareAndSet(false, true)) {
      return;
    }
    boolean first = stories.getAndIncrement() < MOST_STORIES;
    String text = first ? Shrinker.report(seed, failure) : Shrinker.headline(seed, failure);
    synchronized (failures) {
      failures.add(new Failure(seed, failure, text));
    }
  }

  Tally tally() {
    return tally;
  }
}
