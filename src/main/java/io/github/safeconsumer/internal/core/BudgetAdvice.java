package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.BudgetStatus;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PollBudget;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What is said of the budget: from what the admission sees to what a person reads. Pure.
 *
 * <p>Of several topics the slowest that has records decides, since a poll may return records of
 * that topic alone.
 */
public final class BudgetAdvice {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long ENOUGH = 20;
  private static final long A_FEW = 3;
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(5);

  private BudgetAdvice() {}

  /**
   * What is configured.
   *
   * @param latencyDeclared whether the caller said how long a record takes; else a latency that
   *     nobody observed is nobody's, and nothing is recommended
   */
  public record Limits(
      Duration maxPollInterval,
      int maxPollRecords,
      Ordering ordering,
      int concurrency,
      boolean latencyDeclared) {}

  /**
   * What there is to do, and how it gets done.
   *
   * @param topics of which partitions are owned: what was seen of others once says nothing any more
   * @param partitions owned now
   * @param lag of all of them, where all are known
   * @param buffered records polled and not started
   * @param perSecond records done in a second, where it is known
   */
  public record Work(
      Set<String> topics,
      int partitions,
      OptionalLong lag,
      int buffered,
      double utilisation,
      OptionalDouble perSecond) {
    public Work {
      topics = Set.copyOf(topics);
    }
  }

  /** The figures at one moment. */
  public static BudgetStatus of(Limits limits, Work work, LoadView load) {
    Optional<LoadView.Topic> slowest = slowest(load, work.topics());
    Optional<PollBudget> known =
        slowest
            .filter(topic -> topic.samples() > 0 || limits.latencyDeclared())
            .map(topic -> budget(limits, work, topic.assumedNanos()));
    int parallelism = work.partitions() == 0 ? 0 : budget(limits, work, 1).parallelism();
    return new BudgetStatus(
        Duration.ofNanos(load.windowNanos()),
        parallelism,
        slowest.map(topic -> times(parallelism, topic.perWorker())).orElse(0),
        load.admitted(),
        work.buffered(),
        work.utilisation(),
        Double.isInfinite(load.perSecond())
            ? OptionalDouble.empty()
            : OptionalDouble.of(load.perSecond()),
        load.topics().stream().map(BudgetAdvice::latency).toList(),
        limits.maxPollRecords(),
        known.map(PollBudget::records).orElse(limits.maxPollRecords()),
        known.map(b -> b.intervalFor(limits.maxPollRecords())).orElse(limits.maxPollInterval()),
        known.map(b -> b.sum(limits.maxPollRecords())).orElse(""),
        timeToDrain(work));
  }

  /**
   * The topic that decides: the slowest of those owned that have records, if any has, or of all.
   */
  public static Optional<LoadView.Topic> slowest(LoadView load, Set<String> owned) {
    List<LoadView.Topic> topics =
        load.topics().stream().filter(topic -> owned.contains(topic.topic())).toList();
    List<LoadView.Topic> withRecords =
        topics.stream().filter(topic -> topic.samples() > 0 || topic.admitted() > 0).toList();
    return (withRecords.isEmpty() ? topics : withRecords)
        .stream().max(Comparator.comparingLong(LoadView.Topic::assumedNanos));
  }

  /**
   * Whether enough was observed of a topic to tell somebody: 20 records, or a few that took long.
   * Of a slow handler the last seconds never hold 20, and it is the one that advice is for.
   */
  public static boolean isEvident(LoadView.Topic topic) {
    return topic.samples() >= ENOUGH
        || (topic.samples() >= A_FEW && topic.p50Nanos() >= LONG_NANOS / topic.samples());
  }

  private static PollBudget budget(Limits limits, Work work, long latencyNanos) {
    Duration latency = Duration.ofNanos(readable(Math.max(1, latencyNanos)));
    return PollBudget.of(limits.maxPollInterval(), latency)
        .withParallelism(limits.ordering(), limits.concurrency(), work.partitions());
  }

  /** Up to three digits that count: nobody writes 119.837462 ms into a sum. */
  private static long readable(long nanos) {
    long unit = 1;
    while (nanos / unit >= 1_000) {
      unit *= 10;
    }
    long rest = nanos % unit;
    return rest == 0 || nanos > Long.MAX_VALUE - unit ? nanos : nanos - rest + unit;
  }

  private static int times(int parallelism, int perWorker) {
    return (int) Math.min(Integer.MAX_VALUE, (long) parallelism * perWorker);
  }

  private static BudgetStatus.TopicLatency latency(LoadView.Topic topic) {
    return new BudgetStatus.TopicLatency(
        topic.topic(),
        topic.samples(),
        Duration.ofNanos(topic.p50Nanos()),
        Duration.ofNanos(topic.p95Nanos()),
        Duration.ofNanos(topic.p99Nanos()),
        Duration.ofNanos(topic.assumedNanos()));
  }

  /** A lag that nothing works on takes for ever: that is not known, rather than a figure. */
  private static Optional<Duration> timeToDrain(Work work) {
    if (work.lag().isEmpty()) {
      return Optional.empty();
    }
    long lag = work.lag().getAsLong();
    if (lag == 0) {
      return Optional.of(Duration.ZERO);
    }
    double rate = work.perSecond().orElse(0);
    return rate > 0
        ? Optional.of(Duration.ofNanos((long) (lag / rate * SECOND))) // saturates at 292 years
        : Optional.empty();
  }
}
