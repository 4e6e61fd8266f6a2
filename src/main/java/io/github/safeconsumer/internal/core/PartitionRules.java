package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.Ordering;
import org.jspecify.annotations.Nullable;

/**
 * What does not change from one ownership to the next.
 *
 * @param maxAttempts attempts of a record in all
 * @param batch how records are handed out in batches; null where they are handed out one by one
 * @param admission how many of all partitions' records may be handed to lanes
 * @param guard against records that kill the process
 * @param handlerTimeout how long an attempt may take; null for no bound
 * @param breakers those of the consumer
 * @param spending what attempts cost
 */
public record PartitionRules(
    String groupId,
    Ordering ordering,
    int maxAttempts,
    @Nullable BatchPolicy batch,
    Admission admission,
    CrashGuard guard,
    @Nullable HandlerTimeout handlerTimeout,
    Breakers breakers,
    Spending spending) {
  /** Records are handed out one by one, and as many as there are; no crash guard, no time-out. */
  public PartitionRules(String groupId, Ordering ordering, int maxAttempts) {
    this(groupId, ordering, maxAttempts, null, Admission.unbounded());
  }

  /** Without a crash guard and a time-out. */
  public PartitionRules(
      String groupId,
      Ordering ordering,
      int maxAttempts,
      @Nullable BatchPolicy batch,
      Admission admission) {
    this(groupId, ordering, maxAttempts, batch, admission, CrashGuard.off(), null);
  }

  /** No breaker opens, and nothing costs anything. */
  public PartitionRules(
      String groupId,
      Ordering ordering,
      int maxAttempts,
      @Nullable BatchPolicy batch,
      Admission admission,
      CrashGuard guard,
      @Nullable HandlerTimeout handlerTimeout) {
    this(
        groupId,
        ordering,
        maxAttempts,
        batch,
        admission,
        guard,
        handlerTimeout,
        Breakers.off(),
        Spending.nothing());
  }
}
