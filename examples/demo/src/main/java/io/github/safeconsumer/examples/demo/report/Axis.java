package io.github.safeconsumer.examples.demo.report;

import java.util.ArrayList;
import java.util.List;

/** An axis from 0 that ends at a round number, with round numbers between. */
record Axis(long end, long step) {
  private static final long[] ROUND = {1, 2, 5};

  /** One that holds the value and has so many ticks at most, the 0 not counted. */
  static Axis holding(double most, int ticks) {
    for (long power = 1; ; power *= 10) {
      for (long round : ROUND) {
        long step = round * power;
        long steps = Math.max(1, (long) Math.ceil(most / step));
        if (steps <= ticks) {
          return new Axis(steps * step, step);
        }
      }
    }
  }

  List<Long> ticks() {
    List<Long> ticks = new ArrayList<>();
    for (long at = 0; at <= end; at += step) {
      ticks.add(at);
    }
    return ticks;
  }

  /** Where the value lies on the axis, as a share of its length. */
  double share(double value) {
    return value / end;
  }
}
