package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.PollBudget;

/** The sum of records that do not fit the budget, taken apart for a finding. */
record Sum(String rule, String remedy) {
  private static final String BETWEEN = ": ";

  static Sum of(PollBudget budget, long records) {
    String sum = budget.sum(records);
    int remedy = sum.lastIndexOf(BETWEEN);
    return new Sum(sum.substring(0, remedy), sum.substring(remedy + BETWEEN.length()));
  }
}
