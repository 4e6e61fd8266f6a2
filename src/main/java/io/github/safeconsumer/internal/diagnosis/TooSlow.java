package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.BudgetStatus;
import io.github.safeconsumer.BudgetStatus.TopicLatency;
import io.github.safeconsumer.Cause;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PartitionStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** It works, and falls behind all the same. Nothing is said of a backlog that shrinks. */
final class TooSlow {
  /** Less than this is work on its way. */
  private static final double BEHIND_SECONDS = 5;

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(5);
  private static final long LEAST_BEHIND = 100;
  private static final double NOT_GAINING = 0.98;
  private static final double BUSY = 0.85;
  private static final double MOST_OF_IT = 0.8;
  private static final double STANDS_OUT = 0.5;
  private static final int TIMES_SLOWER = 3;
  private static final long ENOUGH_SAMPLES = 20;
  private static final double LIMIT_USED = 0.9;

  private final Facts facts;
  private final List<PartitionStatus> partitions;
  private final BudgetStatus budget;
  private final long lag;
  private final double done;
  private final double arrived;

  private TooSlow(Facts facts) {
    this.facts = facts;
    this.partitions = facts.status().partitions();
    this.budget = facts.status().budget();
    this.lag = partitions.stream().mapToLong(one -> one.lag().orElse(0)).sum();
    this.done = sum(partitions, false);
    this.arrived = sum(partitions, true);
  }

  private static double sum(List<PartitionStatus> partitions, boolean arrived) {
    return partitions.stream()
        .mapToDouble(one -> (arrived ? one.arrivedPerSecond() : one.donePerSecond()).orElse(0))
        .sum();
  }

  static void add(Facts facts, List<Cause> causes) {
    if (facts.measuredFor().compareTo(LONG_ENOUGH) < 0) {
      return; // who has just begun to catch up looks like one who falls behind
    }
    TooSlow slow = new TooSlow(facts);
    if (slow.fallsBehind()) {
      causes.add(slow.why());
    } else {
      slow.hotPartition().ifPresent(causes::add);
    }
  }

  private boolean fallsBehind() {
    return isBehind(lag, done) && done <= NOT_GAINING * arrived;
  }

  private static boolean isBehind(long lag, double done) {
    return lag >= Math.max(LEAST_BEHIND, BEHIND_SECONDS * done);
  }

  /** The narrowest place. */
  private Cause why() {
    return limited()
        .or(this::slowerThanUsual)
        .or(this::hotPartition)
        .or(this::hotKey)
        .or(this::tooManyRecords)
        .or(this::fewPartitions)
        .or(this::busy)
        .or(this::order)
        .orElseGet(this::notFetched);
  }

  private CauseBuilder cause(String code) {
    return new CauseBuilder(code)
        .says(
            Words.count(lag, "record")
                + " behind, "
                + Words.rate(done)
                + " done, "
                + Words.rate(arrived)
                + " arrive: ")
        .number("lag", lag)
        .number("donePerSecond", done)
        .number("arrivedPerSecond", arrived)
        .number("busyShare", budget.utilisation())
        .number("partitions", partitions.size())
        .number("concurrency", facts.limits().concurrency());
  }

  private Optional<Cause> limited() {
    if (facts.limits().maxRecordsPerSecond().isEmpty()
        || done < LIMIT_USED * facts.limits().maxRecordsPerSecond().getAsDouble()) {
      return Optional.empty();
    }
    double limit = facts.limits().maxRecordsPerSecond().getAsDouble();
    return Optional.of(
        cause("PARALLELISM_RATE_LIMIT")
            .says("maxRecordsPerSecond(" + Words.rate(limit) + ") holds it back")
            .number("limitPerSecond", limit)
            .remedy("raise maxRecordsPerSecond if the downstream can take more"));
  }

  private Optional<Cause> slowerThanUsual() {
    for (TopicLatency latency : budget.latencies()) {
      Duration usual = facts.usual().get(latency.topic());
      if (usual != null
          && latency.samples() >= ENOUGH_SAMPLES
          && latency.p50().compareTo(usual.multipliedBy(TIMES_SLOWER)) > 0) {
        return Optional.of(
            cause("PARALLELISM_SLOWER")
                .says(
                    "the handler takes "
                        + Words.time(latency.p50())
                        + " for a record of "
                        + latency.topic()
                        + ", usually "
                        + Words.time(usual))
                .millis("p50", latency.p50())
                .millis("usual", usual)
                .remedy("look at what the handler calls: it has become slow"));
      }
    }
    return Optional.empty();
  }

  /** One partition has most of what is behind, and gains nothing. */
  private Optional<Cause> hotPartition() {
    if (partitions.size() < 2) {
      return Optional.empty();
    }
    PartitionStatus hot =
        partitions.stream().max(Comparator.comparingLong(one -> one.lag().orElse(0))).orElseThrow();
    long its = hot.lag().orElse(0);
    double itsDone = hot.donePerSecond().orElse(0);
    double itsArrived = hot.arrivedPerSecond().orElse(0);
    if (its < MOST_OF_IT * lag || !isBehind(its, itsDone) || itsDone > NOT_GAINING * itsArrived) {
      return Optional.empty();
    }
    boolean serial = facts.limits().ordering() == Ordering.PARTITION;
    return Optional.of(
        cause("PARALLELISM_HOT_PARTITION")
            .says(
                Words.percent((double) its / lag)
                    + " of it in "
                    + hot.partition()
                    + ", where "
                    + Words.rate(itsArrived)
                    + " arrive and "
                    + Words.rate(itsDone)
                    + " get done")
            .number("topic", hot.partition().topic())
            .number("partition", hot.partition().partition())
            .number("partitionLag", its)
            .remedy(
                serial
                    ? "use ordering(KEY), or spread the keys over more partitions"
                    : "spread the keys over more partitions, or raise concurrency"));
  }

  private Optional<Cause> hotKey() {
    return facts.hottest().entrySet().stream()
        .filter(one -> one.getValue().records() >= STANDS_OUT * one.getValue().ofOpen())
        .filter(one -> one.getValue().records() >= LEAST_BEHIND)
        .max(Comparator.comparingInt(one -> one.getValue().records()))
        .map(
            one ->
                cause("PARALLELISM_HOT_KEY")
                    .says(
                        "one key has "
                            + Words.count(one.getValue().records())
                            + " of the "
                            + Words.count(one.getValue().ofOpen())
                            + " records that were read ahead in "
                            + one.getKey())
                    .number("topic", one.getKey().topic())
                    .number("partition", one.getKey().partition())
                    .number("ofOneKey", one.getValue().records())
                    .number("ofAll", one.getValue().ofOpen())
                    .remedy(
                        "records of one key go one after the other: make its records quicker, or split the key"));
  }

  /** More work arrives than all that order allows at once could do. */
  private Optional<Cause> tooManyRecords() {
    Optional<TopicLatency> slowest =
        budget.latencies().stream()
            .filter(one -> one.samples() >= ENOUGH_SAMPLES)
            .max(Comparator.comparing(TopicLatency::p50));
    if (slowest.isEmpty() || facts.limits().ordering() != Ordering.PARTITION) {
      return Optional.empty();
    }
    double needed = arrived * slowest.get().p50().toNanos() / 1e9;
    if (needed <= partitions.size()) {
      return Optional.empty();
    }
    return Optional.of(
        cause("PRODUCER_FASTER")
            .says(
                "at "
                    + Words.time(slowest.get().p50())
                    + " a record "
                    + Words.count((long) Math.ceil(needed))
                    + " would have to run at once, and ordering PARTITION allows "
                    + partitions.size())
            .number("needed", needed)
            .millis("p50", slowest.get().p50())
            .remedy("use ordering(KEY) or more partitions: no consumer of these could keep up"));
  }

  private Optional<Cause> fewPartitions() {
    if (facts.limits().ordering() != Ordering.PARTITION
        || facts.limits().concurrency() <= partitions.size()
        || !isBusy(partitions.size())) {
      return Optional.empty();
    }
    return Optional.of(
        cause("PARALLELISM_PARTITIONS")
            .says(
                "all "
                    + Words.count(partitions.size(), "partition")
                    + " are busy, and concurrency("
                    + facts.limits().concurrency()
                    + ") cannot help: ordering PARTITION runs one record of each")
            .remedy("use ordering(KEY), or more partitions"));
  }

  private Optional<Cause> busy() {
    if (!isBusy(facts.limits().concurrency())) {
      return Optional.empty();
    }
    return Optional.of(
        cause("PARALLELISM_WORKERS")
            .says(
                "of concurrency("
                    + facts.limits().concurrency()
                    + ") "
                    + inFlight()
                    + " are busy, and "
                    + Words.percent(budget.utilisation())
                    + " were over the last 10 s")
            .remedy("raise concurrency, make the handler quicker, or add members"));
  }

  /** Enough was read ahead, and yet workers are idle. */
  private Optional<Cause> order() {
    long buffered = partitions.stream().mapToLong(PartitionStatus::buffered).sum();
    if (buffered <= facts.limits().concurrency()) {
      return Optional.empty();
    }
    return Optional.of(
        cause("PARALLELISM_ORDER")
            .says(
                Words.count(buffered, "record")
                    + " are read ahead, and only "
                    + inFlight()
                    + " of concurrency("
                    + facts.limits().concurrency()
                    + ") are busy: the others wait for records of their own "
                    + (facts.limits().ordering() == Ordering.PARTITION ? "partition" : "key"))
            .number("buffered", buffered)
            .number("inFlight", inFlight())
            .remedy(
                facts.limits().ordering() == Ordering.PARTITION
                    ? "use ordering(KEY), or spread the records over more partitions"
                    : "spread the records over more keys, or make those of the busiest keys quicker"));
  }

  /**
   * Whether so many run at once as there are of something: lately, or at this moment. The share of
   * late holds the time before the work began, too.
   */
  private boolean isBusy(int most) {
    return inFlight() >= most || budget.utilisation() * facts.limits().concurrency() >= BUSY * most;
  }

  private long inFlight() {
    return partitions.stream().mapToLong(PartitionStatus::inFlight).sum();
  }

  private Cause notFetched() {
    return cause("PARALLELISM_FETCH")
        .says(
            "only "
                + Words.percent(budget.utilisation())
                + " of concurrency("
                + facts.limits().concurrency()
                + ") were busy, so records do not come fast enough")
        .remedy("look at the network and the brokers, and at fetch.max.bytes and fetch.min.bytes");
  }
}
