package io.github.safeconsumer.support;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Handlers come in and stay until they are let out; interrupts do not move them. Thread-safe.
 *
 * <p>A test that fails must not leave threads behind for good, so nobody stays longer than two
 * minutes.
 */
public final class Door {
  private static final long LONGEST_SECONDS = 120;

  private final AtomicInteger inside = new AtomicInteger();
  private volatile CountDownLatch exit = new CountDownLatch(1);
  private volatile boolean open;

  /** Comes in and stays until the next {@link #letOut} or until it is open. */
  public void pass() {
    CountDownLatch mine = exit; // before it is counted: whoever is counted is let out
    inside.incrementAndGet();
    try {
      if (!open) {
        await(mine);
      }
    } finally {
      inside.decrementAndGet();
    }
  }

  private static void await(CountDownLatch latch) {
    boolean interrupted = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (true) {
      try {
        if (!latch.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new IllegalStateException("nobody let the handler out");
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many are in. */
  public int inside() {
    return inside.get();
  }

  /** Those that are in go; the next ones stay again. */
  public void letOut() {
    CountDownLatch before = exit;
    exit = new CountDownLatch(1);
    before.countDown();
  }

  /** From now on nobody is kept. */
  public void open() {
    open = true;
    letOut();
  }

  /** From now on they stay again. */
  public void shut() {
    open = false;
  }
}
