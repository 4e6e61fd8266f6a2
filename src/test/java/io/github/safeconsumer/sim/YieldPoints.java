package io.github.safeconsumer.sim;

/**
 * Called at the entry of the library's methods, where {@link FineLoader} loaded them: between any
 * two calls of it another thread may run.
 */
public final class YieldPoints {
  private static final ThreadLocal<SimExecution> HERE = new ThreadLocal<>();

  private YieldPoints() {}

  /** The calling thread is a simulated one of that process from now on; null: it is none. */
  static void belongsTo(SimExecution execution) {
    if (execution == null) {
      HERE.remove();
    } else {
      HERE.set(execution);
    }
  }

  /** Others may run first. */
  public static void here() {
    SimExecution execution = HERE.get();
    if (execution != null) {
      execution.mayYieldFinely();
    }
  }
}
