package io.github.safeconsumer.examples.bench;

import java.util.List;
import java.util.function.DoubleFunction;

/**
 * One bar for each subject.
 *
 * @param reference where a line is drawn, for what all bars are held against; NaN for none
 * @param format how a value is written
 */
record Panel(String title, List<Bar> bars, double reference, DoubleFunction<String> format) {
  /**
   * A bar.
   *
   * @param estimate unknown where nothing was measured
   */
  record Bar(String label, Estimate estimate) {}

  /** The value at the right end of the panel. */
  double most() {
    double most = Double.isNaN(reference) ? 0 : reference;
    for (Bar bar : bars) {
      if (bar.estimate().isKnown()) {
        most = Math.max(most, bar.estimate().high());
      }
    }
    return most == 0 ? 1 : most;
  }
}
