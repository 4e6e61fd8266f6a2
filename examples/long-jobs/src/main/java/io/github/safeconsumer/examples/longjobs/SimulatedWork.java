package io.github.safeconsumer.examples.longjobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Sleeps for a step, and writes down which ones are done. One job hangs in its third step. */
final class SimulatedWork implements LongJobs.Work {
  static final String HANGING = "job-hanging";
  static final long STEP_MILLIS = 600;

  private final Map<String, List<Integer>> done = new HashMap<>();
  private final Semaphore forever = new Semaphore(0);

  @Override
  public void step(String job, int step) throws InterruptedException {
    if (job.equals(HANGING) && step == 3) {
      forever.acquireUninterruptibly(); // as a driver that takes no notice of an interrupt
      throw new IllegalStateException("nobody waits for this any more");
    }
    Thread.sleep(STEP_MILLIS);
    synchronized (this) {
      done.computeIfAbsent(job, first -> new ArrayList<>()).add(step);
    }
  }

  synchronized List<Integer> steps(String job) {
    return List.copyOf(done.getOrDefault(job, List.of()));
  }

  /** Lets the thread go that hangs. */
  void release() {
    forever.release();
  }
}
