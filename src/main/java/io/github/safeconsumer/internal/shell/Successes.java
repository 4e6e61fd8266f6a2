package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.FailureHistory;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.RetryRules;
import io.github.safeconsumer.internal.core.Spending;

/** What follows from an attempt that ended well. Thread-safe. */
final class Successes {
  private final RetryRules rules;
  private final Breakers breakers;
  private final Spending spending;
  private final FloodGuard flood;
  private final Counters counters;

  Successes(
      RetryRules rules, Breakers breakers, Spending spending, FloodGuard flood, Counters counters) {
    this.rules = rules;
    this.breakers = breakers;
    this.spending = spending;
    this.flood = flood;
    this.counters = counters;
  }

  /**
   * The record is done.
   *
   * @return false when the report is stale: its ownership ended
   */
  boolean succeeded(Attempt attempt) {
    FailureHistory past = attempt.history();
    if (past != null) {
      spending.prevented(rules.prevented(past, attempt.begunNanos()));
      rules.ended(past); // under no suspicion any more
    }
    breakers.succeeded(attempt); // first: while it runs, a probe is not given up
    if (!attempt.partition().work().returned(attempt)) {
      return false;
    }
    breakers.consumer().evidence().succeeded(attempt.begunNanos());
    flood.succeeded();
    counters.handled.increment();
    return true;
  }
}
