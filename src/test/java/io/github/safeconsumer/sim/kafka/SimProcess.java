package io.github.safeconsumer.sim.kafka;

/**
 * A JVM-like process: what lives and dies together. While it stands still nothing of it runs, its
 * clients' background threads included; what it had sent before still arrives.
 */
public final class SimProcess {
  private final String name;
  private final World world;
  private boolean killed;
  private boolean wasStalled;
  private long stalledFrom;
  private long stalledTo;

  public SimProcess(String name, World world) {
    this.name = name;
    this.world = world;
  }

  public String name() {
    return name;
  }

  /** From now on its clients throw {@link ProcessKilled}; nobody tells the cluster. */
  public void kill() {
    killed = true;
  }

  public boolean killed() {
    return killed;
  }

  /** It stands still in this span of virtual time. */
  public void stalled(long from, long to) {
    wasStalled = true;
    stalledFrom = from;
    stalledTo = to;
  }

  /** Nanoseconds until it runs again; 0 when it runs. */
  long standsStillFor() {
    long now = world.nanos();
    return wasStalled && now - stalledFrom >= 0 && now - stalledTo < 0 ? stalledTo - now : 0;
  }

  void check() {
    if (killed) {
      throw new ProcessKilled(name);
    }
  }

  /**
   * Runs something of a background thread of this process: never when it is dead, later when it
   * stands still.
   */
  void background(long delayNanos, Runnable body) {
    world.at(
        delayNanos,
        () -> {
          long still = standsStillFor();
          if (killed) {
            return;
          }
          if (still > 0) {
            background(still, body);
          } else {
            body.run();
          }
        });
  }

  @Override
  public String toString() {
    return name;
  }
}
