package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.FailureHistory;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.OutageEvidence;
import io.github.safeconsumer.internal.core.RetryRules;

/** What follows from an attempt that ended well. Thread-safe. */
final class Successes {
  private final RetryRules rules;
  private final OutageEvidence evidence;
  private final FloodGuard flood;
  private final Counters counters;

  Successes(RetryRules rules, OutageEvidence evidence, FloodGuard flood, Counters counters) {
    this.rules = rules;
    this.evidence = evidence;
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
      rules.ended(past); // under no suspicion any more
    }
    if (!attempt.partition().work().succeeded(attempt)) {
      return false;
    }
    evidence.succeeded(attempt.begunNanos());
    flood.succeeded();
    counters.handled.increment();
    return true;
  }
}
