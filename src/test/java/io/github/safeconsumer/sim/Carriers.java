package io.github.safeconsumer.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/** Real threads, used again by one simulated thread after the other, over all simulations. */
final class Carriers {
  private static final Deque<Carrier> FREE = new ArrayDeque<>();

  private Carriers() {}

  /** A thread that runs this, soon. */
  static void run(SimThread simulated, Runnable body) {
    Carrier carrier;
    synchronized (FREE) {
      carrier = FREE.pollFirst();
    }
    boolean fresh = carrier == null;
    if (fresh) {
      carrier = new Carrier();
      carrier.setDaemon(true);
    }
    simulated.carriedBy(carrier);
    carrier.setName(simulated.name);
    carrier.next = body;
    if (fresh) {
      carrier.start();
    } else {
      LockSupport.unpark(carrier);
    }
  }

  private static final class Carrier extends Thread {
    private volatile Runnable next;

    @Override
    public void run() {
      while (true) {
        Runnable body = next;
        if (body == null) {
          LockSupport.park(this);
          continue;
        }
        next = null;
        body.run();
        Thread.interrupted(); // nobody's any more
        synchronized (FREE) {
          FREE.addFirst(this);
        }
      }
    }
  }
}
