package io.github.safeconsumer.sim;

import io.github.safeconsumer.internal.core.Solitude;
import io.github.safeconsumer.internal.shell.Execution;
import io.github.safeconsumer.internal.shell.Parker;
import io.github.safeconsumer.internal.shell.Time;
import io.github.safeconsumer.internal.shell.Turns;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Threads, timers, waits and clocks of one simulated process. */
final class SimExecution implements Execution, Time {
  private static final long WORKER_IDLE = TimeUnit.SECONDS.toNanos(10);
  private static final long IDLE = TimeUnit.SECONDS.toNanos(1);

  private final Scheduler scheduler;
  private final Jvm jvm;
  private final SplittableRandom random;
  private final int yieldsInThousand;
  private final int fine;
  private final long monotonicOrigin;
  private final long boot;
  private final Solitude solitude = new Solitude();
  private boolean quiet;

  /**
   * @param yieldsInThousand how often a place that need not wait lets others go first
   * @param fine how often, of 100,000, the entry of a method does the same
   */
  SimExecution(
      Scheduler scheduler, Jvm jvm, SplittableRandom random, int yieldsInThousand, int fine) {
    this.fine = fine;
    this.scheduler = scheduler;
    this.jvm = jvm;
    this.random = random;
    this.yieldsInThousand = yieldsInThousand;
    this.boot = random.nextLong();
    this.monotonicOrigin = random.nextLong(); // the real one starts anywhere, and may overflow
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Jvm jvm() {
    return jvm;
  }

  /** Tells this process from every other. */
  long boot() {
    return boot;
  }

  Solitude solitude() {
    return solitude;
  }

  SimThread spawn(String name, Runnable body) {
    if (jvm.isDead()) {
      throw new ProcessKilled();
    }
    SimThread thread = scheduler.spawn(name, jvm, inside(body));
    thread.ofLibrary = true;
    return thread;
  }

  /** With yield points, where the library was loaded with them. */
  Runnable inside(Runnable body) {
    return () -> {
      YieldPoints.belongsTo(this);
      try {
        body.run();
      } finally {
        YieldPoints.belongsTo(null);
      }
    };
  }

  /** A place where others may go first, as on a real machine between any two instructions. */
  void mayYield() {
    alive();
    SimThread me = scheduler.current();
    if (quiet || scheduler.inEvent() || me == null || me.thread() != Thread.currentThread()) {
      return; // not inside the simulation
    }
    int drawn = random.nextInt(1000);
    if (drawn < yieldsInThousand && !HeldLocks.possible()) {
      if (drawn == 0) {
        scheduler.pass(random.nextLong(TimeUnit.MILLISECONDS.toNanos(20))); // it lost its core
      } else {
        scheduler.yieldNow();
      }
    }
  }

  /** As {@link #mayYield}, far rarer, since it is asked at every method of the library. */
  void mayYieldFinely() {
    if (fine > 0 && !jvm.isDead() && !quiet && !scheduler.inEvent()) {
      SimThread me = scheduler.current();
      if (me != null
          && me.thread() == Thread.currentThread()
          && me.state == SimThread.State.RUNNING
          && random.nextInt(100_000) < fine
          && !HeldLocks.possible()) {
        scheduler.yieldNow();
      }
    }
  }

  /** Throws in the threads of a killed process. */
  void alive() {
    if (jvm.isDead()) {
      throw new ProcessKilled();
    }
  }

  /** Looks at something for the oracle: nobody else goes on meanwhile. */
  <T> T quietly(Supplier<T> look) {
    boolean before = quiet;
    quiet = true;
    try {
      return look.get();
    } finally {
      quiet = before;
    }
  }

  boolean awaitInterruptibly(BooleanSupplier condition, long nanos) throws InterruptedException {
    mayYield();
    if (condition.getAsBoolean()) {
      return true;
    }
    if (nanos > 0
        && scheduler.await(condition, nanos, true) == SimThread.Woken.INTERRUPT
        && Thread.interrupted()) {
      throw new InterruptedException();
    }
    return condition.getAsBoolean();
  }

  // ---- Execution

  @Override
  public Thread loop(String name, Turns turns) {
    return thread(
        name,
        false,
        () -> {
          while (turns.turn()) {
            mayYield();
          }
        });
  }

  @Override
  public Thread thread(String name, boolean daemon, Runnable body) {
    SimThread simulated = scheduler.newThread(name, jvm);
    simulated.ofLibrary = true;
    Thread thread = new Started(simulated, name, body);
    thread.setDaemon(true);
    simulated.carriedBy(thread);
    return thread;
  }

  @Override
  public ScheduledExecutorService single(String name) {
    return new SimTimers(this, name);
  }

  @Override
  public ExecutorService workers(String consumer, int threads, ThreadFactory users) {
    return new SimPool(this, consumer + "-worker", threads, WORKER_IDLE);
  }

  @Override
  public void resize(ExecutorService workers, int threads) {
    ((SimPool) workers).resize(threads);
  }

  @Override
  public ExecutorService notifier(String consumer) {
    return new SimPool(this, consumer + "-notify", Integer.MAX_VALUE, IDLE);
  }

  @Override
  public Parker parker() {
    return new SimParker();
  }

  @Override
  public boolean await(Future<?> future, Duration atMost) throws InterruptedException {
    return awaitInterruptibly(future::isDone, atMost.toNanos());
  }

  // ---- Time

  @Override
  public long nanos() {
    mayYield();
    return monotonicOrigin + scheduler.nanos();
  }

  @Override
  public long millis() {
    mayYield();
    return scheduler.millis() + jvm.wallSkewMillis;
  }

  private final class Started extends Thread {
    private final SimThread simulated;
    private final Runnable body;

    Started(SimThread simulated, String name, Runnable body) {
      super(name);
      this.simulated = simulated;
      this.body = body;
    }

    @Override
    public synchronized void start() {
      if (jvm.isDead()) {
        throw new ProcessKilled();
      }
      super.start();
      scheduler.started(simulated);
    }

    @Override
    public void run() {
      scheduler.body(simulated, inside(body));
    }
  }

  private final class SimParker implements Parker {
    private boolean permit;

    @Override
    public void own() {}

    @Override
    public void park(long nanos) {
      mayYield();
      if (nanos > 0 && !permit) {
        scheduler.await(() -> permit, nanos, true);
      }
      permit = false;
    }

    @Override
    public void wake() {
      permit = true;
      mayYield();
    }
  }
}
