package io.github.safeconsumer.sim;

import io.github.safeconsumer.sim.kafka.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Virtual time and the one order in which everything happens. Of all simulated threads exactly one
 * runs at any moment; it gives the baton away where it waits, and at yield points. Who goes on is
 * drawn from the seed; when nobody can, time moves to the next timer. So one seed is one run.
 *
 * <p>Each step costs a little virtual time, so that even code that spins gets on.
 */
final class Scheduler implements World {
  static final long FOREVER = Long.MAX_VALUE;

  /** More steps than this mean that something spins. */
  private static final long MOST_STEPS = 30_000_000;

  private static final int STEP_NANOS = 4_000;

  final Trace trace;
  private final SplittableRandom order;
  private final SplittableRandom chance;
  private final boolean byPriority;
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final ArrayList<SimThread> runnable = new ArrayList<>();
  private final ArrayList<SimThread> watched = new ArrayList<>();
  private final Deque<SimThread> dying = new ArrayDeque<>();
  private final List<Jvm> jvms = new ArrayList<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private final List<SimThread> eligible = new ArrayList<>();
  private SimThread current;
  private long now = 1_000_000_000L;
  private long sequence;
  private int threads;
  private long steps;
  private long switches;
  private boolean over;
  private boolean inEvent;
  private BooleanSupplier stop = () -> false;
  private String failure;
  private Throwable failureCause;
  private List<String> where;

  Scheduler(long seed, Trace trace) {
    this.trace = trace;
    SplittableRandom root = new SplittableRandom(seed);
    this.order = root.split();
    this.chance = root.split();
    this.byPriority = order.nextInt(10) < 3;
  }

  // ---- running

  /** Runs the scenario to its end, on simulated threads; returns when all of them have ended. */
  void run(Runnable scenario, BooleanSupplier stopWhen) throws InterruptedException {
    stop = stopWhen;
    Jvm world = jvm("world");
    SimThread root = newThread("scenario", world);
    Carriers.run(
        root,
        () ->
            body(
                root,
                () -> {
                  scenario.run();
                  over = true;
                }));
    world.threads.add(root);
    root.state = SimThread.State.RUNNING;
    current = root;
    root.giveBaton();
    done.await();
  }

  Jvm jvm(String name) {
    Jvm jvm = new Jvm(name);
    jvms.add(jvm);
    return jvm;
  }

  /** Starts a simulated thread of that process on a pooled carrier. */
  SimThread spawn(String name, Jvm jvm, Runnable body) {
    SimThread thread = newThread(name, jvm);
    Carriers.run(thread, () -> body(thread, body));
    started(thread);
    return thread;
  }

  SimThread newThread(String name, Jvm jvm) {
    SimThread thread = new SimThread(++threads, name, jvm);
    thread.priority = order.nextLong();
    return thread;
  }

  /** Its carrier exists: from now on it may be chosen. */
  void started(SimThread thread) {
    thread.state = SimThread.State.RUNNABLE;
    thread.jvm.threads.add(thread);
    if (thread.jvm.isDead()) {
      dying.add(thread);
    } else {
      runnable.add(thread);
    }
  }

  /** What a carrier runs. */
  void body(SimThread me, Runnable body) {
    me.awaitBaton();
    try {
      if (!me.jvm.isDead()) {
        body.run();
      }
    } catch (ProcessKilled | io.github.safeconsumer.sim.kafka.ProcessKilled killed) {
      // as it should be
    } catch (Throwable thrown) {
      if (!me.jvm.isDead()) {
        fail("uncaught in " + me + ": " + thrown, thrown);
      }
    }
    Thread.interrupted();
    me.state = SimThread.State.ENDED;
    me.jvm.threads.remove(me);
    SimThread next = pick();
    if (next == null) {
      done.countDown();
    } else {
      current = next;
      next.giveBaton();
    }
  }

  /** The simulation itself, or code that must not throw, failed: the run ends. */
  void fail(String what, Throwable cause) {
    if (failure == null) {
      failure = what;
      failureCause = cause;
      trace("FAILURE " + what);
    }
    over = true;
  }

  String failure() {
    return failure;
  }

  Throwable failureCause() {
    return failureCause;
  }

  // ---- waiting

  /** The thread that runs now. */
  SimThread current() {
    return current;
  }

  /** Others may go on here. */
  void yieldNow() {
    SimThread me = current;
    alive(me);
    me.state = SimThread.State.RUNNABLE;
    runnable.add(me);
    reschedule(me);
  }

  @Override
  public void pass(long nanos) {
    await(null, nanos, false);
  }

  /** Waits for the time or the condition, whichever comes first; for an interrupt too, if asked. */
  SimThread.Woken await(BooleanSupplier condition, long nanos, boolean interruptible) {
    SimThread me = current;
    alive(me);
    me.state = SimThread.State.WAITING;
    me.condition = condition;
    me.interruptible = interruptible;
    if (nanos != FOREVER) {
      me.timer = new Timer(now + Math.max(0, nanos), ++sequence, me, null);
      timers.add(me.timer);
    }
    if (condition != null || interruptible) {
      watched.add(me);
    }
    reschedule(me);
    return me.woken;
  }

  /** Whether an event runs, which happens at one moment: nobody may wait in it. */
  boolean inEvent() {
    return inEvent;
  }

  private void alive(SimThread me) {
    if (inEvent) {
      throw new IllegalStateException("an event must not wait");
    }
    if (me.jvm.isDead()) {
      throw new ProcessKilled();
    }
  }

  private void reschedule(SimThread me) {
    SimThread next = pick();
    if (next == null) {
      throw new IllegalStateException("nobody is left, but " + me + " is here");
    }
    if (next != me) {
      switches++;
      current = next;
      next.giveBaton();
      me.awaitBaton();
    }
    alive(me);
  }

  private SimThread pick() {
    while (true) {
      if (!over && (stop.getAsBoolean() || ++steps > MOST_STEPS)) {
        if (steps > MOST_STEPS) {
          fail("more than " + MOST_STEPS + " steps", null);
        }
        over = true;
      }
      if (over) {
        noteWhereAllAre();
        jvms.forEach(this::kill);
      }
      SimThread last = dying.pollFirst();
      if (last != null) {
        last.state = SimThread.State.RUNNING;
        return last;
      }
      if (over) {
        return null;
      }
      fireDue();
      if (!dying.isEmpty() || over) {
        continue;
      }
      lookAtWatched();
      SimThread next = choose();
      if (next != null) {
        now += 1 + order.nextInt(STEP_NANOS);
        trace.mix(next.id);
        return next;
      }
      Timer head = timers.peek();
      if (head == null) {
        fail("nothing will ever happen again", null);
      } else {
        now = Math.max(now, head.at);
      }
    }
  }

  /** For the reader of a failed run: who waits where. */
  private void noteWhereAllAre() {
    if (where != null || !trace.keeps()) {
      return;
    }
    where = new ArrayList<>();
    for (Jvm jvm : jvms) {
      for (SimThread thread : jvm.threads) {
        if (jvm.isDead() || thread.idle) {
          continue;
        }
        where.add(thread + " " + thread.state + (jvm.isStalled() ? " (stands still)" : ""));
        for (StackTraceElement frame : thread.thread().getStackTrace()) {
          if (frame.getClassName().startsWith("io.github.safeconsumer")
              && !frame.getClassName().startsWith("io.github.safeconsumer.sim.S")) {
            where.add("    at " + frame);
          }
        }
      }
    }
  }

  /** Who waited where at the end; null where that was not kept. */
  List<String> where() {
    return where;
  }

  private void fireDue() {
    for (Timer head = timers.peek(); head != null && head.at <= now; head = timers.peek()) {
      timers.poll();
      if (head.cancelled) {
        continue;
      }
      if (head.thread != null) {
        wake(head.thread, SimThread.Woken.TIME);
        continue;
      }
      inEvent = true;
      try {
        head.event.run();
      } catch (Throwable thrown) {
        fail("an event failed: " + thrown, thrown);
      } finally {
        inEvent = false;
      }
      if (over || !dying.isEmpty()) {
        return;
      }
    }
  }

  private void lookAtWatched() {
    for (int i = 0; i < watched.size(); i++) {
      SimThread thread = watched.get(i);
      if (thread.interruptible && thread.isInterrupted()) {
        wake(thread, SimThread.Woken.INTERRUPT);
        i--;
      } else if (thread.condition != null && thread.condition.getAsBoolean()) {
        wake(thread, SimThread.Woken.CONDITION);
        i--;
      }
    }
  }

  private void wake(SimThread thread, SimThread.Woken how) {
    unwatch(thread);
    thread.woken = how;
    thread.state = SimThread.State.RUNNABLE;
    runnable.add(thread);
  }

  private void unwatch(SimThread thread) {
    if (thread.condition != null || thread.interruptible) {
      watched.remove(thread);
    }
    thread.condition = null;
    thread.interruptible = false;
    if (thread.timer != null) {
      thread.timer.cancelled = true;
      thread.timer = null;
    }
  }

  private SimThread choose() {
    eligible.clear();
    for (SimThread thread : runnable) {
      if (!thread.jvm.isStalled()) {
        eligible.add(thread);
      }
    }
    if (eligible.isEmpty()) {
      return null;
    }
    SimThread chosen = eligible.get(order.nextInt(eligible.size()));
    if (byPriority) {
      for (SimThread thread : eligible) {
        if (thread.priority > chosen.priority) {
          chosen = thread;
        }
      }
      if (order.nextInt(500) == 0) {
        chosen.priority = order.nextLong(); // a change point: the starved one gets its turn
      }
    }
    runnable.remove(chosen);
    chosen.state = SimThread.State.RUNNING;
    return chosen;
  }

  // ---- processes

  /** kill -9: its threads unwind before anything else happens. */
  void kill(Jvm jvm) {
    if (jvm.isDead()) {
      return;
    }
    jvm.die();
    for (SimThread thread : jvm.threads) {
      if (thread.state == SimThread.State.ENDED) {
        continue;
      }
      unwatch(thread);
      runnable.remove(thread);
      if (thread.state != SimThread.State.RUNNING) { // which notices at its next waiting point
        dying.add(thread);
      }
    }
  }

  // ---- World

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public long millis() {
    return 1_700_000_000_000L + now / 1_000_000;
  }

  @Override
  public long nextLong(long bound) {
    return chance.nextLong(bound);
  }

  @Override
  public void at(long delayNanos, Runnable event) {
    timers.add(new Timer(now + Math.max(0, delayNanos), ++sequence, null, event));
  }

  @Override
  public void trace(String line) {
    if (current != null && current.jvm.isDead() && current.state == SimThread.State.RUNNING) {
      return; // it unwinds
    }
    trace.line(now, current == null ? "-" : current.toString(), line);
  }

  long steps() {
    return steps;
  }

  long switches() {
    return switches;
  }
}
