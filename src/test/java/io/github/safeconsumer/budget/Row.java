package io.github.safeconsumer.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.SafeConsumerEvent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What one cell gave. */
record Row(
    Latency latency,
    Ordering ordering,
    Work work,
    CloseReport rest,
    int lost,
    int duplicates,
    List<String> disorder,
    List<SafeConsumerEvent> troubles,
    BudgetWatch budget) {
  /**
   * Until the first consumer was closed.
   *
   * @param rebalances beyond the one by which it joined
   * @param ratio throughput against workers / mean latency
   * @param drain how long handlers ran on when the consumer was closed
   */
  record Work(CloseReport report, int rebalances, int handled, double ratio, Duration drain) {}

  /** Far below what is aimed at: a busy machine does not fail it, a pipeline that stalls does. */
  private static final double STALLED = 0.5;

  static final String HEAD =
      String.format(
          "%-22s %-9s %10s %10s %5s %10s %8s %6s %9s %9s %9s %9s",
          "latency",
          "ordering",
          "rebalances",
          "duplicates",
          "lost",
          "expulsions",
          "handled",
          "ratio",
          "drain ms",
          "admitted",
          "of budget",
          "least");

  /** Only what does not depend on the speed of the machine. */
  void check() {
    String cell = latency + " " + ordering;
    assertThat(work.rebalances()).as("rebalances, %s", cell).isZero();
    assertThat(troubles).as("expulsions, %s", cell).isEmpty();
    assertThat(duplicates).as("records handled again, %s", cell).isZero();
    assertThat(lost).as("records lost, %s", cell).isZero();
    assertThat(disorder).as("order, %s", cell).isEmpty();
    assertThat(work.report().clean()).as("%s, %s", work.report(), cell).isTrue();
    assertThat(rest.clean()).as("%s, the rest of %s", rest, cell).isTrue();
    assertThat(budget.looks()).as("looks at the budget, %s", cell).isPositive();
    assertThat(budget.mostAdmitted()).as("admitted, %s", cell).isPositive();
    assertThat(budget.excesses()).as("admissions beyond the budget, %s", cell).isEmpty();
    if (latency.isKnown()) {
      assertThat(budget.mostAdmitted())
          .as("admitted, though no record is ever faster than %s, %s", latency, ordering)
          .isLessThanOrEqualTo(latency.budget());
    }
    if (latency != Latency.MS_1) {
      assertThat(work.ratio()).as("throughput ratio, %s", cell).isGreaterThan(STALLED);
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-22s %-9s %10d %10d %5d %10d %8d %6.3f %9d %9d %9d %9d",
        latency,
        ordering,
        work.rebalances(),
        duplicates,
        lost,
        troubles.size(),
        work.handled(),
        work.ratio(),
        work.drain().toMillis(),
        budget.mostAdmitted(),
        budget.budgetThen(),
        budget.leastBudget());
  }
}
