package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.BudgetStatus;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.BudgetAdvice;
import io.github.safeconsumer.internal.core.BudgetNotice;
import io.github.safeconsumer.internal.core.LoadView;
import io.github.safeconsumer.internal.core.RecentRate;
import io.github.safeconsumer.internal.core.UsualLatency;
import io.github.safeconsumer.internal.core.Utilisation;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Measures what the budget's status needs beside the admission's view, and tells when the advice
 * changes by much. Fed by the loop at every turn, asked by any thread. Its lock guards the meters
 * alone; no other is taken inside it.
 */
final class Adviser {
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final BudgetAdvice.Limits limits;
  private final Assignment assignment;
  private final Supplier<LoadView> load;
  private final UsualLatency usual;
  private final Counters counters;
  private final Events events;
  private final Utilisation utilisation;
  private final RecentRate done = new RecentRate();
  private final BudgetNotice notice = new BudgetNotice();
  private boolean looked;
  private long lookedAt;

  /**
   * @param load what the admission sees now
   */
  Adviser(
      Settings<?, ?> settings,
      Assignment assignment,
      Supplier<LoadView> load,
      UsualLatency usual,
      Counters counters,
      Events events) {
    this.limits =
        new BudgetAdvice.Limits(
            settings.kafka().maxPollInterval(),
            settings.kafka().maxPollRecords(),
            settings.ordering(),
            settings.concurrency(),
            settings.expectedLatency() != null);
    this.assignment = assignment;
    this.load = load;
    this.usual = usual;
    this.counters = counters;
    this.events = events;
    this.utilisation = new Utilisation(settings.concurrency());
  }

  /**
   * Called by the loop at least once a turn, also while it waits in a hand-over; looks closer once
   * a second.
   *
   * @param busy how many of {@code concurrency} are in use
   */
  void turn(long now, int busy) {
    boolean look = !looked || now - lookedAt >= EVERY_NANOS;
    synchronized (this) {
      utilisation.sample(now, busy);
      if (look) {
        done.at(now, (double) counters.done());
      }
    }
    if (look) {
      looked = true;
      lookedAt = now;
      tellIfDue(now);
    }
  }

  private void tellIfDue(long now) {
    LoadView view = load.get();
    usual.look(view, now);
    List<PartitionStatus> partitions =
        assignment.all().stream()
            .map(partition -> partition.status(now, events.now().toEpochMilli()))
            .toList();
    boolean evident =
        BudgetAdvice.slowest(view, topics(partitions)).filter(BudgetAdvice::isEvident).isPresent();
    BudgetStatus budget = status(now, partitions, view);
    if (notice.isDue(now, evident, budget.maxPollRecords(), budget.recommendedMaxPollRecords())) {
      events.emit(
          new SafeConsumerEvent.BudgetChanged(
              events.now(),
              budget.maxPollRecords(),
              budget.recommendedMaxPollRecords(),
              budget.recommendedInterval(),
              budget.sum()));
    }
  }

  /**
   * The budget now.
   *
   * @param partitions the status of all that is owned
   */
  BudgetStatus status(long now, List<PartitionStatus> partitions) {
    return status(now, partitions, load.get());
  }

  private BudgetStatus status(long now, List<PartitionStatus> partitions, LoadView view) {
    double busy;
    OptionalDouble perSecond;
    synchronized (this) {
      busy = utilisation.share(now);
      perSecond = done.perSecond(now, (double) counters.done());
    }
    return BudgetAdvice.of(
        limits,
        new BudgetAdvice.Work(
            topics(partitions),
            partitions.size(),
            lag(partitions),
            partitions.stream().mapToInt(PartitionStatus::buffered).sum(),
            busy,
            perSecond),
        view);
  }

  private static Set<String> topics(List<PartitionStatus> partitions) {
    return partitions.stream()
        .map(one -> one.partition().topic())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Of all partitions, where all know theirs; without a partition nobody knows. */
  private static OptionalLong lag(List<PartitionStatus> partitions) {
    boolean known =
        !partitions.isEmpty() && partitions.stream().allMatch(one -> one.lag().isPresent());
    return known
        ? OptionalLong.of(partitions.stream().mapToLong(one -> one.lag().orElse(0)).sum())
        : OptionalLong.empty();
  }
}
