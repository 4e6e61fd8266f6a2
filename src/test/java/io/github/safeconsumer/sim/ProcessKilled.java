package io.github.safeconsumer.sim;

/**
 * Thrown in the threads of a killed process at whatever they wait for, so that they unwind. Nothing
 * that they do meanwhile has an effect.
 */
final class ProcessKilled extends Error {
  private static final long serialVersionUID = 1;

  ProcessKilled() {
    super("the simulated process was killed", null, false, false);
  }
}
