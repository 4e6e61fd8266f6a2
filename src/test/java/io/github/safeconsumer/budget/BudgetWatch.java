package io.github.safeconsumer.budget;

import io.github.safeconsumer.BudgetStatus;
import io.github.safeconsumer.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Looks at the status over and over: how much is admitted, against what may be. The budget falls
 * when records get slower, and what was admitted before stays; so whenever more is admitted than at
 * the look before, it has to be within the budget of that time. For one thread.
 */
final class BudgetWatch {
  /** A status is no snapshot of one instant, and the budget may have moved between two looks. */
  private static final long RECENT_NANOS = Duration.ofSeconds(1).toNanos();

  private record Look(long at, int budget) {}

  private final Deque<Look> recent = new ArrayDeque<>();
  private final List<String> excesses = new ArrayList<>();
  private int looks; // the first one has none before it to be compared with
  private int before;
  private int mostAdmitted;
  private int budgetThen;
  private int leastBudget = Integer.MAX_VALUE;

  void look(Status status) {
    BudgetStatus now = status.budget();
    long at = System.nanoTime();
    recent.addLast(new Look(at, now.records()));
    while (at - recent.getFirst().at() > RECENT_NANOS) {
      recent.removeFirst();
    }
    int allowed = recent.stream().mapToInt(Look::budget).max().orElseThrow();
    if (looks > 0 && now.admitted() > before && now.admitted() > allowed) {
      excesses.add(now.admitted() + " admitted, budget " + allowed);
    }
    before = now.admitted();
    if (now.admitted() > mostAdmitted) {
      mostAdmitted = now.admitted();
      budgetThen = allowed;
    }
    leastBudget = Math.min(leastBudget, now.records());
    looks++;
  }

  int looks() {
    return looks;
  }

  int mostAdmitted() {
    return mostAdmitted;
  }

  /** The budget when most was admitted. */
  int budgetThen() {
    return budgetThen;
  }

  int leastBudget() {
    return leastBudget;
  }

  /** Admissions beyond the budget of their time. */
  List<String> excesses() {
    return List.copyOf(excesses);
  }
}
