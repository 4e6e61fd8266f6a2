package io.github.safeconsumer.testing;

import io.github.safeconsumer.internal.shell.Turns;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Runs one instance of a consumer on the thread that calls: the turns of its loop, its tasks in the
 * order they were given, its timers when virtual time reaches them. A killed instance is one whose
 * stage runs no more.
 *
 * <p>Concurrency: tasks may be given by any thread, since a handler may use others; they wait under
 * this object's lock. All else is for the driver's thread, and nothing runs but inside {@link
 * #settle}, {@link #advance} and {@link #waitFor}. The loop is never entered twice: what it waits
 * for inside a turn are tasks, and they run inside {@link #waitFor} or {@link #rest}.
 */
final class Stage {
  /** So many rounds without time passing mean that something feeds itself. */
  private static final int MOST_ROUNDS = 50_000;

  /**
   * One round in which nothing happened could still have changed a phase of the loop; after two,
   * the next one would be the same again.
   */
  private static final int QUIET_ROUNDS = 2;

  private static final Comparator<SteppedTask<?>> SOONEST_FIRST =
      Comparator.<SteppedTask<?>>comparingLong(SteppedTask::dueNanos)
          .thenComparingLong(SteppedTask::number);

  private final VirtualTime time;
  private final Thread thread = Thread.currentThread();
  private final Deque<SteppedTask<?>> queue = new ArrayDeque<>();
  private final PriorityQueue<SteppedTask<?>> timers = new PriorityQueue<>(SOONEST_FIRST);
  private final List<Turns> loops = new ArrayList<>();
  private long numbers;
  private long happened;
  private volatile boolean killed;
  private boolean running;
  private boolean inTurn;
  private int tasksUnderWay;
  private int restsInTurn;
  private long loopWakesAt = Long.MAX_VALUE;

  Stage(VirtualTime time) {
    this.time = time;
  }

  VirtualTime time() {
    return time;
  }

  /** Nothing of it runs any more. */
  void kill() {
    killed = true;
  }

  synchronized long nextNumber() {
    return ++numbers;
  }

  /** Something changed, so another round has to look at it. */
  synchronized void happened() {
    happened++;
  }

  private synchronized long count() {
    return happened;
  }

  synchronized void addLoop(Turns turns) {
    loops.add(turns);
    happened++;
  }

  private synchronized void endLoop(Turns turns) {
    loops.remove(turns);
    happened++;
  }

  private synchronized List<Turns> loops() {
    return List.copyOf(loops);
  }

  synchronized void queue(SteppedTask<?> task) {
    queue.add(task);
  }

  synchronized void at(SteppedTask<?> task) {
    timers.add(task);
  }

  synchronized void forget(SteppedTask<?> task) {
    queue.remove(task);
    timers.remove(task);
  }

  /**
   * @throws IllegalStateException from another thread, or from inside of what the stage runs
   */
  void requireFree() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "the driver belongs to thread "
              + thread.getName()
              + ", which made it, and was called by "
              + Thread.currentThread().getName()
              + ": call it from that thread only");
    }
    if (running) {
      throw new IllegalStateException(
          "the driver was called from inside a handler, a listener or a callback: call it between"
              + " its own calls only");
    }
  }

  /** Whether the caller is the driver's thread, and outside of everything that the stage runs. */
  boolean isFree() {
    return Thread.currentThread() == thread && !running && !killed;
  }

  /**
   * Runs everything that can run at this moment of virtual time.
   *
   * @throws IllegalStateException when there is no end of it
   */
  void settle() {
    enter(this::rounds);
  }

  /** Moves time on to a moment, running on the way what becomes due, each at its own moment. */
  void advance(long until) {
    enter(
        () -> {
          rounds();
          while (time.nanos() < until) {
            time.moveTo(Math.max(time.nanos() + 1, Math.min(until, nextMoment())));
            rounds();
          }
        });
  }

  /**
   * Waits for a condition, at most so long of virtual time, by running what can bring it about.
   * True when it came.
   */
  boolean waitFor(BooleanSupplier condition, long nanos) {
    if (condition.getAsBoolean() || killed) {
      return condition.getAsBoolean();
    }
    long until = time.nanos() + Math.max(0, nanos);
    if (!running) {
      enter(() -> runUntil(condition, until));
    } else {
      runUntil(condition, until);
    }
    return condition.getAsBoolean();
  }

  private void runUntil(BooleanSupplier condition, long until) {
    while (true) {
      boolean inside = inTurn || tasksUnderWay > 0;
      if (inside) {
        runTasks();
      } else {
        rounds();
      }
      if (condition.getAsBoolean() || time.nanos() >= until) {
        return;
      }
      long next = inside ? nextTimer() : nextMoment();
      time.moveTo(Math.max(time.nanos() + 1, Math.min(until, next)));
    }
  }

  /** The caller's thread gets back what belongs to it as it was: its MDC and its interrupt. */
  private void enter(Runnable work) {
    requireFree();
    Map<String, String> mdc = MDC.getCopyOfContextMap();
    boolean interrupted = Thread.interrupted();
    running = true;
    try {
      work.run();
    } finally {
      running = false;
      if (mdc == null) {
        MDC.clear();
      } else {
        MDC.setContextMap(mdc);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void rounds() {
    if (killed) {
      return;
    }
    int quiet = 0;
    for (int round = 0; quiet < QUIET_ROUNDS; round++) {
      refuseEndless(round);
      long before = count();
      runTasks();
      for (Turns loop : loops()) {
        turn(loop);
      }
      quiet = count() == before ? quiet + 1 : 0;
    }
  }

  private void turn(Turns loop) {
    loopWakesAt = Long.MAX_VALUE;
    restsInTurn = 0;
    inTurn = true;
    try {
      if (!loop.turn()) {
        endLoop(loop);
      }
    } finally {
      inTurn = false;
    }
  }

  /** Runs what is queued and due, until there is no more. True when anything ran. */
  private boolean runTasks() {
    int count = 0;
    for (SteppedTask<?> task = take(); task != null; task = take()) {
      refuseEndless(count++);
      happened();
      tasksUnderWay++;
      try {
        task.runOnce();
      } finally {
        tasksUnderWay--;
      }
    }
    return count > 0;
  }

  private static void refuseEndless(int count) {
    if (count > MOST_ROUNDS) {
      throw new IllegalStateException(
          "no rest after "
              + MOST_ROUNDS
              + " steps without time passing: something repeats itself without a delay, a listener"
              + " that pauses and resumes by turns for example; break the circle");
    }
  }

  /** The next task whose executor has a thread free; timers that are due come after the queue. */
  private synchronized @Nullable SteppedTask<?> take() {
    while (timers.peek() != null && timers.peek().dueNanos() <= time.nanos()) {
      queue.add(timers.remove());
    }
    for (Iterator<SteppedTask<?>> each = queue.iterator(); each.hasNext(); ) {
      SteppedTask<?> task = each.next();
      if (task.hasThread()) {
        each.remove();
        return task;
      }
    }
    return null;
  }

  /** The loop has nothing to do for so long: it ends its turn with this, or waits inside of it. */
  void rest(long nanos) {
    if (runTasks()) {
      return;
    }
    if (restsInTurn++ == 0) { // the end of a turn, as far as can be known: time stands still
      loopWakesAt = time.nanos() + Math.max(0, nanos);
    } else { // it waits in mid-turn for what only time can bring
      long end = time.nanos() + Math.max(1, nanos);
      time.moveTo(Math.max(time.nanos(), Math.min(end, nextTimer())));
      runTasks();
    }
  }

  /** The loop polled, and would have waited so long. */
  void polled(long nanos) {
    loopWakesAt = time.nanos() + nanos;
  }

  /** When something becomes due by itself: timers, and the loop's next turn. */
  private synchronized long nextMoment() {
    return loops.isEmpty() ? nextTimer() : Math.min(loopWakesAt, nextTimer());
  }

  private synchronized long nextTimer() {
    SteppedTask<?> first = timers.peek();
    return first == null ? Long.MAX_VALUE : first.dueNanos();
  }
}
