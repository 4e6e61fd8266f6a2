package io.github.safeconsumer.micrometer;

import io.github.safeconsumer.Alert;
import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.BudgetStatus;
import io.github.safeconsumer.Cause;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.SpendingStatus;
import io.github.safeconsumer.State;
import io.github.safeconsumer.Status;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Figures of the consumer as a whole. Remembers which causes and alerts it has shown: a series that
 * was there once stays, so that a graph shows when it went back to 0. There are as many as there
 * are codes. For one thread at a time.
 */
final class ConsumerFigures {
  /** For the breaker of the consumer, which has no name. */
  static final String WHOLE = "(consumer)";

  private final Set<String> codes = new TreeSet<>();
  private final Set<String> alerts =
      new TreeSet<>(Set.of("lag", "age", "blocked", "rebalances", "dead-letters", "unclean-ends"));

  void write(Look look, Sheet sheet) {
    writeStanding(look, sheet);
    writeCounters(look.status(), sheet);
    writeBudget(look.status().budget(), sheet);
    writeSpending(look.status().spending(), sheet);
    look.status().breakers().forEach(breaker -> writeBreaker(breaker, sheet));
    sheet.put(Figure.ABANDONED, look.status().abandoned());
  }

  private void writeStanding(Look look, Sheet sheet) {
    Status status = look.status();
    for (State state : State.values()) {
      sheet.put(Figure.STATE, bit(state == status.state()), word(state));
    }
    sheet.put(Figure.HEALTH, bit(look.health().liveness() == Health.Level.UP), "liveness");
    sheet.put(Figure.HEALTH, bit(look.health().readiness() == Health.Level.UP), "readiness");
    for (PauseReason reason : PauseReason.values()) {
      sheet.put(Figure.PAUSED, bit(status.pauseReasons().contains(reason)), word(reason));
      long partitions =
          status.partitions().stream().filter(p -> p.pauseReasons().contains(reason)).count();
      sheet.put(Figure.PAUSED_PARTITIONS, partitions, word(reason));
    }
    Set<String> now = look.causes().stream().map(Cause::code).collect(Collectors.toSet());
    codes.addAll(now);
    codes.forEach(code -> sheet.put(Figure.CAUSE, bit(now.contains(code)), code));
    Map<String, Long> active =
        status.alerts().stream()
            .collect(Collectors.groupingBy(Alert::name, TreeMap::new, Collectors.counting()));
    alerts.addAll(active.keySet());
    alerts.forEach(alert -> sheet.put(Figure.ALERT, active.getOrDefault(alert, 0L), alert));
    sheet.put(Figure.PARTITIONS, status.partitions().size());
  }

  private static void writeCounters(Status status, Sheet sheet) {
    sheet.put(Figure.HANDLED, status.handled());
    sheet.put(Figure.DEAD_LETTERED, status.deadLettered());
    sheet.put(Figure.SKIPPED, status.skipped());
    sheet.put(Figure.ATTEMPTS_FAILED, status.attemptsFailed());
    sheet.put(Figure.COMMITS, status.commits());
    sheet.put(Figure.COMMITS_FAILED, status.commitsFailed());
    sheet.put(Figure.REBALANCES, status.rebalances());
    sheet.put(Figure.CLIENT_RESTARTS, status.restarts());
    sheet.put(Figure.EVENTS_DROPPED, status.eventsDropped());
  }

  private static void writeBudget(BudgetStatus budget, Sheet sheet) {
    sheet.put(Figure.PARALLELISM, budget.parallelism());
    sheet.put(Figure.UTILISATION, budget.utilisation());
    sheet.put(Figure.BUDGET_RECORDS, budget.records());
    sheet.put(Figure.BUDGET_ADMITTED, budget.admitted());
    sheet.put(Figure.RATE_LIMIT, known(budget.maxRecordsPerSecond()));
  }

  private static void writeSpending(SpendingStatus spending, Sheet sheet) {
    sheet.put(Figure.SPENT, spending.spent());
    sheet.put(Figure.SPENDING_PREVENTED, spending.prevented());
    sheet.put(Figure.SPENDING_HOUR, spending.lastHour());
    sheet.put(Figure.SPENDING_LIMIT, known(spending.limitPerHour()));
  }

  private static void writeBreaker(BreakerStatus breaker, Sheet sheet) {
    String scope = breaker.scope().isEmpty() ? WHOLE : breaker.scope();
    int state =
        switch (breaker.state()) {
          case CLOSED -> 0;
          case HALF_OPEN -> 1;
          case OPEN -> 2;
        };
    sheet.put(Figure.BREAKER_STATE, state, scope);
    sheet.put(Figure.BREAKER_PARKED, breaker.parked(), scope);
    sheet.put(Figure.BREAKER_PROBES, breaker.probes(), scope);
  }

  private static double known(OptionalDouble figure) {
    return figure.orElse(Double.NaN);
  }

  private static int bit(boolean set) {
    return set ? 1 : 0;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
