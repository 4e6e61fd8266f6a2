package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.internal.shell.Time;

/**
 * So many records a second: permits that fill at the rate, a quarter of a second's worth at most
 * (at least one). Waits only between transactions, since an open one holds up those who read the
 * target with {@code read_committed}.
 */
final class Pace {
  private static final double SECOND = 1e9;
  private static final double HELD_SECONDS = 0.25;
  private static final double ROUNDING = 1e-6;

  private final double perSecond;
  private final double most;
  private final Time time;
  private final Stop stop;
  private double permits = 1;
  private long filledAt;

  Pace(double perSecond, Time time, Stop stop) {
    this.perSecond = perSecond;
    this.most = Math.max(1, perSecond * HELD_SECONDS);
    this.time = time;
    this.stop = stop;
    this.filledAt = time.nanos();
  }

  /** Takes as many as there are, at most so many; waits for the first. */
  int take(int wanted) {
    if (Double.isInfinite(perSecond)) {
      return wanted;
    }
    for (fill(); permits + ROUNDING < 1; fill()) {
      stop.park((long) Math.ceil((1 - permits) / perSecond * SECOND));
    }
    int taken = (int) Math.min(wanted, permits + ROUNDING);
    permits -= taken;
    return taken;
  }

  private void fill() {
    long now = time.nanos();
    permits = Math.min(most, permits + (now - filledAt) / SECOND * perSecond);
    filledAt = now;
  }
}
