package io.github.safeconsumer.sim.kafka;

/**
 * Thrown by every call of a client whose process is dead, so that its simulated threads end. No
 * code under test may live on after it: the process is gone.
 */
public final class ProcessKilled extends Error {
  private static final long serialVersionUID = 1L;

  ProcessKilled(String process) {
    super(process + " was killed", null, false, false);
  }
}
