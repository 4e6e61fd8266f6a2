package io.github.safeconsumer.examples.bench;

import java.util.List;

/**
 * The median of a few rounds, and between which values the true one lies.
 *
 * <p>The interval is of order statistics: of n rounds the k-th lowest and the k-th highest value
 * enclose the true median with the probability 1 - 2 P(Binomial(n, 1/2) &lt; k), whatever the
 * distribution. Taken is the largest k that gives 95 % or more: the extremes for 6 to 8 rounds.
 *
 * @param rounds how many values there were
 * @param confidence probability of the interval; under 0.95 for fewer than 6 rounds, where the
 *     extremes are all there is
 */
record Estimate(double median, double low, double high, int rounds, double confidence) {
  private static final double WANTED = 0.95;

  /** Of no round at all. */
  static final Estimate NONE = new Estimate(Double.NaN, Double.NaN, Double.NaN, 0, 0);

  static Estimate of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    if (n == 0) {
      return NONE;
    }
    int k = 1;
    while (2 * (k + 1) <= n && confidence(n, k + 1) >= WANTED) {
      k++;
    }
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    return new Estimate(median, sorted[k - 1], sorted[n - k], n, confidence(n, k));
  }

  /** How likely the k-th lowest and the k-th highest of n values enclose the median. */
  static double confidence(int n, int k) {
    double term = Math.pow(0.5, n);
    double below = 0;
    for (int i = 0; i < k; i++) {
      below += term;
      term = term * (n - i) / (i + 1);
    }
    return Math.max(0, 1 - 2 * below);
  }

  boolean isKnown() {
    return rounds > 0;
  }
}
