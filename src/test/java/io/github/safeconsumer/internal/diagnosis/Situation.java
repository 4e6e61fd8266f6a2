package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.BudgetStatus;
import io.github.safeconsumer.Cause;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.SpendingStatus;
import io.github.safeconsumer.State;
import io.github.safeconsumer.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** A consumer of two idle partitions, until something is changed. */
final class Situation {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  static final TopicPartition P0 = new TopicPartition("orders", 0);
  static final TopicPartition P1 = new TopicPartition("orders", 1);

  State state = State.RUNNING;
  Optional<String> failure = Optional.empty();
  Set<PauseReason> paused = Set.of();
  Ordering ordering = Ordering.PARTITION;
  int concurrency = 2;
  double busy;
  Duration measuredFor = Duration.ofSeconds(10);
  OptionalDouble limit = OptionalDouble.empty();
  Duration latency = Duration.ofMillis(1);
  Optional<Instant> spendingUntil = Optional.empty();
  final List<BreakerStatus> breakers = new ArrayList<>();
  final Map<TopicPartition, PartitionStatus> partitions = new HashMap<>();
  final Map<PauseReason, Instant> pausedSince = new HashMap<>();
  final List<Facts.Stuck> stuck = new ArrayList<>();
  final List<Facts.Running> running = new ArrayList<>();
  final List<Chronicle.Move> moves = new ArrayList<>();
  final Map<String, Duration> retention = new HashMap<>();
  final Map<TopicPartition, Facts.Lane> hottest = new HashMap<>();
  final Map<String, Duration> usual = new HashMap<>();
  Optional<Facts.DeadLetterTrouble> deadLetters = Optional.empty();

  Situation() {
    flow(P0, 0, 0, 0);
    flow(P1, 0, 0, 0);
  }

  static Instant ago(Duration time) {
    return NOW.minus(time);
  }

  /** So many records behind, so many done and so many new ones in a second. */
  Situation flow(TopicPartition partition, long lag, double done, double arrived) {
    return flow(partition, lag, done, arrived, lag == 0 ? null : Duration.ofMinutes(1), Set.of());
  }

  Situation flow(
      TopicPartition partition,
      long lag,
      double done,
      double arrived,
      Duration oldest,
      Set<PauseReason> reasons) {
    Map<PauseReason, Instant> since = new HashMap<>();
    reasons.forEach(reason -> since.put(reason, ago(Duration.ofMinutes(3))));
    Optional<Duration> drain =
        lag == 0
            ? Optional.of(Duration.ZERO)
            : done > arrived
                ? Optional.of(Duration.ofMillis((long) (1_000 * lag / (done - arrived))))
                : Optional.empty();
    partitions.put(
        partition,
        new PartitionStatus(
            partition,
            1,
            100,
            OptionalLong.of(100),
            OptionalLong.of(lag),
            Optional.ofNullable(oldest),
            OptionalDouble.of(done),
            OptionalDouble.of(arrived),
            drain,
            0,
            0,
            0,
            Optional.empty(),
            0,
            0,
            0,
            0,
            reasons,
            since));
    return this;
  }

  /** So many records read ahead and running, whatever its flow. */
  Situation work(TopicPartition partition, int buffered, int inFlight) {
    PartitionStatus one = partitions.get(partition);
    partitions.put(
        partition,
        new PartitionStatus(
            partition,
            one.epoch(),
            one.watermark(),
            one.committed(),
            one.lag(),
            one.oldestAge(),
            one.donePerSecond(),
            one.arrivedPerSecond(),
            one.timeToDrain(),
            buffered,
            one.bufferedBytes(),
            inFlight,
            one.oldestAttempt(),
            one.waiting(),
            one.deadLettering(),
            one.blocked(),
            one.suspects(),
            one.pauseReasons(),
            one.pausedSince()));
    return this;
  }

  Facts facts() {
    BudgetStatus budget =
        new BudgetStatus(
            Duration.ofSeconds(210),
            concurrency,
            100,
            0,
            0,
            busy,
            limit,
            List.of(
                new BudgetStatus.TopicLatency("orders", 1_000, latency, latency, latency, latency)),
            500,
            500,
            Duration.ofMinutes(5),
            "",
            Optional.empty());
    Status status =
        new Status(
            NOW,
            "shipping",
            "shipping",
            state,
            failure,
            3,
            paused,
            List.copyOf(partitions.values()),
            1_000,
            10,
            2,
            0,
            50,
            1,
            2,
            0,
            0,
            List.of(),
            budget,
            breakers,
            new SpendingStatus(5, 0, 5, OptionalDouble.of(5), spendingUntil),
            0,
            List.of());
    return new Facts(
        status,
        new Facts.Limits(ordering, concurrency, 8, Duration.ofMinutes(5), limit),
        pausedSince,
        stuck,
        running,
        deadLetters,
        moves,
        retention,
        hottest,
        measuredFor,
        usual);
  }

  List<Cause> diagnose() {
    return Diagnosis.of(facts());
  }

  List<String> codes() {
    return diagnose().stream().map(Cause::code).toList();
  }
}
