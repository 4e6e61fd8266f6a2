package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.List;

/** One simulated process, from its start to its end: it can stand still, and be killed. */
final class Jvm {
  final String name;
  final List<SimThread> threads = new ArrayList<>();
  private boolean dead;
  private int stalls;
  private long stalledNanos;
  private long stalledSince;

  /** How far its wall clock is off the cluster's. */
  long wallSkewMillis;

  Jvm(String name) {
    this.name = name;
  }

  boolean isDead() {
    return dead;
  }

  void die() {
    dead = true;
  }

  boolean isStalled() {
    return stalls > 0;
  }

  void stall(long now) {
    if (stalls++ == 0) {
      stalledSince = now;
    }
  }

  void goOn(long now) {
    if (--stalls == 0) {
      stalledNanos += now - stalledSince;
    }
  }

  /** For how long it stood still up to now, altogether. */
  long stalledNanos(long now) {
    return stalledNanos + (stalls > 0 ? now - stalledSince : 0);
  }

  @Override
  public String toString() {
    return name;
  }
}
