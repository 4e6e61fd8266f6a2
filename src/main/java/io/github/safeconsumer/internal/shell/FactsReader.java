package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.Status;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.core.HandlerCall;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.RecentRate;
import io.github.safeconsumer.internal.core.StoppedLanes;
import io.github.safeconsumer.internal.diagnosis.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a diagnosis rests on. Reads what others own, each part under its own lock; never
 * blocks, changes nothing.
 */
final class FactsReader<K, V> {
  private static final int MOST_OF_A_PARTITION = 20;
  private static final int FRAMES = 20;
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final Duration HISTORY = Duration.ofMinutes(30);

  /** Fewer open records tell nothing about keys. */
  private static final int ENOUGH_OPEN = 100;

  private final Lasting<K, V> lasting;
  private final @Nullable Parts<K, V> parts;

  FactsReader(Lasting<K, V> lasting, @Nullable Parts<K, V> parts) {
    this.lasting = lasting;
    this.parts = parts;
  }

  Facts read(Status status) {
    List<Facts.Stuck> stuck = new ArrayList<>();
    Map<String, Duration> retention = new HashMap<>();
    Map<TopicPartition, Facts.Lane> hottest = new HashMap<>();
    Map<TopicPartition, Integer> open = new HashMap<>();
    Set<TopicPartition> known = new HashSet<>();
    for (PartitionStatus one : status.partitions()) {
      open.put(one.partition(), one.buffered() + one.inFlight() + one.waiting());
      if (one.lag().isPresent()) {
        known.add(one.partition());
      }
    }
    long measured = RecentRate.WINDOW_NANOS;
    for (OwnedPartition partition : lasting.assignment().all()) {
      if (known.contains(partition.topicPartition())) {
        measured = Math.min(measured, partition.measuredNanos());
      }
      addStuck(partition, stuck);
      String topic = partition.topicPartition().topic();
      Duration kept = parts == null ? null : parts.logs().retention(topic);
      if (kept != null) {
        retention.put(topic, kept);
      }
      int all = open.getOrDefault(partition.topicPartition(), 0);
      int longest = all < ENOUGH_OPEN ? 0 : partition.work().longestLane();
      if (longest > 0) {
        hottest.put(partition.topicPartition(), new Facts.Lane(Math.min(longest, all), all));
      }
    }
    return new Facts(
        status,
        limits(),
        lasting.pauseTimes().since(),
        stuck,
        running(),
        lasting.chronicle().deadLetterTrouble(),
        lasting.chronicle().movesSince(status.at().minus(HISTORY)),
        retention,
        hottest,
        Duration.ofNanos(measured),
        lasting.usual().byTopic());
  }

  private Facts.Limits limits() {
    Settings<K, V> settings = lasting.settings();
    double limit = lasting.admission().view().perSecond();
    return new Facts.Limits(
        settings.ordering(),
        settings.concurrency(),
        settings.retry().maxAttempts(),
        settings.kafka().maxPollInterval(),
        Double.isInfinite(limit) ? OptionalDouble.empty() : OptionalDouble.of(limit));
  }

  private static void addStuck(OwnedPartition partition, List<Facts.Stuck> to) {
    long suspect = partition.suspects().heldOffset();
    if (suspect >= 0) {
      to.add(
          new Facts.Stuck(
              partition.topicPartition(),
              suspect,
              Facts.Waits.OPERATOR_AFTER_DEATHS,
              0,
              Optional.empty(),
              "",
              "the process died again and again, and no further record of the partition is given up"));
    }
    for (StoppedLanes.Stuck one : partition.stopped().stuck(MOST_OF_A_PARTITION)) {
      to.add(
          new Facts.Stuck(
              partition.topicPartition(),
              one.offset(),
              waits(one.phase()),
              one.failures(),
              one.sinceMillis() < 0
                  ? Optional.empty()
                  : Optional.of(Instant.ofEpochMilli(one.sinceMillis())),
              one.failure(),
              one.heldBy()));
    }
  }

  private static Facts.Waits waits(Lane.Phase phase) {
    return switch (phase) {
      case HELD -> Facts.Waits.OPERATOR;
      case SENDING -> Facts.Waits.DEAD_LETTER;
      case IDLE, READY, RUNNING, WAITING -> Facts.Waits.RETRY;
    };
  }

  /** Those of earlier runs and abandoned ones included. */
  private List<Facts.Running> running() {
    List<Facts.Running> running = new ArrayList<>();
    if (parts != null) {
      parts.workers().inFlight().forEach(one -> add(one, running));
    }
    lasting.abandoned().all().forEach(one -> add(one, running));
    return running;
  }

  private void add(InFlight one, List<Facts.Running> to) {
    HandlerCall call = one.call();
    Duration runs = Duration.ofNanos(lasting.platform().time().nanos() - call.begunNanos());
    boolean known =
        to.stream()
            .anyMatch(
                other ->
                    other.partition().equals(one.attempt().partition().topicPartition())
                        && other.offset() == one.attempt().record().offset());
    if (known || (runs.toNanos() < LONG_NANOS && !call.isOverdue())) {
      return;
    }
    to.add(
        new Facts.Running(
            one.attempt().partition().topicPartition(),
            one.attempt().record().offset(),
            runs,
            call.isOverdue(),
            call.isAbandoned(),
            one.where(),
            one.stack().stream().limit(FRAMES).map(StackTraceElement::toString).toList()));
  }
}
