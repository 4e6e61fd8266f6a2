package io.github.safeconsumer.sim;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A simulated thread: a real one that runs only while it holds the baton. Everything in here is
 * touched by the holder of the baton alone, except the baton itself and the note of an interrupt.
 */
final class SimThread {
  enum State {
    NEW,
    RUNNABLE,
    RUNNING,
    WAITING,
    ENDED
  }

  /** How a wait ended. */
  enum Woken {
    TIME,
    CONDITION,
    INTERRUPT
  }

  final int id;
  final String name;
  final Jvm jvm;
  long priority;
  State state = State.NEW;
  Woken woken = Woken.TIME;
  boolean interruptible;
  BooleanSupplier condition;
  Timer timer;

  /** A thread of a pool that has nothing to do: no trace of a consumer's work. */
  boolean idle;

  /** A thread of a pool that is the library's and not the simulated user's. */
  boolean ofLibrary;

  private volatile Thread thread;
  private volatile boolean baton;
  private volatile boolean interruptNoted;

  SimThread(int id, String name, Jvm jvm) {
    this.id = id;
    this.name = name;
    this.jvm = jvm;
  }

  /** The real thread that carries it. */
  void carriedBy(Thread carrier) {
    thread = carrier;
  }

  Thread thread() {
    return thread;
  }

  /** Hands it the baton. The giver must not touch anything from then on. */
  void giveBaton() {
    baton = true;
    LockSupport.unpark(thread);
  }

  /**
   * Waits for the baton. An interrupt given meanwhile is noted before it is cleared, so that the
   * scheduler sees it at every moment, and it is restored afterwards.
   */
  void awaitBaton() {
    while (!baton) {
      LockSupport.park(this);
      if (!baton && thread.isInterrupted()) {
        interruptNoted = true;
        Thread.interrupted();
      }
    }
    baton = false;
    if (interruptNoted) {
      interruptNoted = false;
      thread.interrupt();
    }
  }

  boolean isInterrupted() {
    return thread.isInterrupted() || interruptNoted;
  }

  @Override
  public String toString() {
    return jvm.name + "/" + name;
  }
}
