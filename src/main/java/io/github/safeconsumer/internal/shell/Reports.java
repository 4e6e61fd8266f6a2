package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.CloseReport.StillRunning;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.State;
import io.github.safeconsumer.Status;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.HandlerCall;
import io.github.safeconsumer.internal.core.Lifecycle;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.RetryRules;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.core.Spending;
import io.github.safeconsumer.internal.core.StoppedLanes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the immutable views. Reads what others own, each part under its own lock; never blocks,
 * changes nothing.
 */
final class Reports<K, V> {
  /** As many failures in a row are no hiccup. */
  private static final int OUTAGE_SHOWN = 3;

  /** After so many probes without a success nobody should wait for it to heal by itself. */
  private static final int BLOCKED_SHOWN = 10;

  private final Settings<K, V> settings;
  private final Time time;
  private final Lifecycle lifecycle;
  private final PauseGate gate;
  private final Assignment assignment;
  private final Counters counters;
  private final Adviser adviser;
  private final FatalSignal fatal;
  private final Breakers breakers;
  private final Spending spending;
  private final Abandoned abandoned;
  private final AlertWatch alerts;
  private final @Nullable Parts<K, V> parts;
  private final List<StillRunning> outlived;

  Reports(Lasting<K, V> lasting, @Nullable Parts<K, V> parts, List<StillRunning> outlived) {
    this.outlived = outlived;
    this.settings = lasting.settings();
    this.time = lasting.platform().time();
    this.lifecycle = lasting.lifecycle();
    this.gate = lasting.gate();
    this.assignment = lasting.assignment();
    this.counters = lasting.counters();
    this.adviser = lasting.adviser();
    this.fatal = lasting.fatal();
    this.breakers = lasting.breakers();
    this.spending = lasting.spending();
    this.abandoned = lasting.abandoned();
    this.alerts = lasting.alerts();
    this.parts = parts;
  }

  Status status() {
    List<PartitionStatus> partitions =
        assignment.all().stream()
            .map(partition -> partition.status(time.nanos(), time.millis()))
            .sorted(
                Comparator.comparing((PartitionStatus p) -> p.partition().topic())
                    .thenComparing(p -> p.partition().partition()))
            .toList();
    return new Status(
        Instant.ofEpochMilli(time.millis()),
        settings.name(),
        settings.kafka().groupId(),
        state(),
        failure(),
        parts == null ? -1 : parts.loop().generation(),
        gate.reasons(),
        partitions,
        counters.handled.sum(),
        counters.attemptsFailed.sum(),
        counters.deadLettered.sum(),
        counters.skipped.sum(),
        counters.commits.sum(),
        counters.commitsFailed.sum(),
        counters.rebalances.sum(),
        counters.restarts.sum(),
        counters.eventsDropped.sum(),
        RetryRules.schedule(settings.retry()),
        adviser.status(time.nanos(), partitions),
        breakers.status(Instant.ofEpochMilli(time.millis())),
        spending.status(Instant.ofEpochMilli(time.millis())),
        abandoned.count(),
        alerts.active());
  }

  /** The gate counts at once, before the loop has seen it. */
  private State state() {
    State state = lifecycle.state();
    if (state == State.RUNNING || state == State.PAUSED) {
      return gate.isPaused() ? State.PAUSED : State.RUNNING;
    }
    return state;
  }

  private Optional<String> failure() {
    FatalSignal.Fatal end = fatal.get();
    if (end != null) {
      return Optional.of(end.reason());
    }
    Parts<K, V> running = parts;
    if (running == null) {
      return Optional.empty();
    }
    Optional<String> trouble = Optional.ofNullable(running.loop().trouble());
    return trouble.isEmpty() && lifecycle.state() == State.RUNNING
        ? Optional.ofNullable(running.pulse().trouble())
        : trouble;
  }

  Health health() {
    List<String> reasons = new ArrayList<>();
    State state = state();
    boolean dead = state == State.FAILED;
    if (state != State.RUNNING) {
      reasons.add("state " + state + (gate.isPaused() ? ", paused by " + gate.reasons() : ""));
    }
    failure().ifPresent(reasons::add);
    Instant now = Instant.ofEpochMilli(time.millis());
    breakers.status(now).forEach(breaker -> addBreaker(breaker, reasons));
    spending
        .status(now)
        .pausedUntil()
        .ifPresent(until -> reasons.add("spending limit reached: paused until " + until));
    dead |= addAbandoned(reasons);
    for (StillRunning one : outlived) {
      reasons.add(
          "still in its handler since before a suspend: "
              + one.what()
              + " on "
              + one.thread()
              + "; it counts against the concurrency");
    }
    Parts<K, V> running = parts;
    if (running != null && state == State.STARTING && running.housekeeper().clusterId() == null) {
      reasons.add("no broker of bootstrap.servers has answered yet");
    }
    if (running != null && !state.isFinal()) {
      Duration silent = Duration.ofNanos(time.nanos() - running.loop().lastTurn());
      if (silent.compareTo(settings.kafka().maxPollInterval()) > 0) {
        dead = true;
        reasons.add(
            "the loop has not turned for "
                + silent.toSeconds()
                + " s, over max.poll.interval.ms: restart the process");
      } else if (silent.compareTo(settings.kafka().maxPollInterval().dividedBy(3)) > 0) {
        reasons.add("the loop has not turned for " + silent.toSeconds() + " s");
      }
      addWork(running, reasons);
    }
    return new Health(
        dead ? Health.Level.DOWN : Health.Level.UP,
        reasons.isEmpty() ? Health.Level.UP : Health.Level.DOWN,
        reasons);
  }

  private static void addBreaker(BreakerStatus breaker, List<String> reasons) {
    if (breaker.state() == BreakerStatus.State.CLOSED) {
      return;
    }
    reasons.add(
        "breaker open: "
            + (breaker.scope().isEmpty() ? "the consumer" : "downstream " + breaker.scope())
            + breaker.openSince().map(since -> " since " + since).orElse("")
            + (breaker.forced()
                ? ", by openBreaker(): until closeBreaker()"
                : breaker
                    .nextProbe()
                    .map(next -> ", next probe " + next)
                    .orElse(", a probe is under way"))
            + (breaker.openings() >= BLOCKED_SHOWN
                ? "; blocked: "
                    + breaker.openings()
                    + " openings in a row without a success, mend the downstream"
                : ""));
  }

  private void addWork(Parts<K, V> running, List<String> reasons) {
    for (OwnedPartition partition : assignment.all()) {
      if (partition.suspects().heldOffset() >= 0) {
        reasons.add(
            "blocked: "
                + partition.topicPartition()
                + " waits for an operator, since the process died again and again (see the Blocked event of "
                + partition.topicPartition()
                + "@"
                + partition.suspects().heldOffset()
                + ")");
      }
      long held = partition.stopped().heldOffset();
      if (held >= 0) {
        reasons.add(
            "blocked: "
                + partition.topicPartition()
                + "@"
                + held
                + " waits for an operator (see the Blocked event)");
      }
      StoppedLanes.Outage outage = partition.stopped().outage();
      if (outage != null && outage.failures() >= OUTAGE_SHOWN) {
        reasons.add(
            "outage: "
                + partition.topicPartition()
                + "@"
                + outage.offset()
                + " waits for a downstream, "
                + outage.failures()
                + " attempts failed; it is tried again until the downstream answers");
      }
      if (partition.reasons().contains(PauseReason.USER)) {
        reasons.add("paused by the caller: " + partition.topicPartition());
      }
    }
    if (running.deadLettering().failing()) {
      reasons.add(
          "the dead-letter topic cannot be written; the records hold their lanes, the send is tried again");
    }
    Throwable threadFailure = running.workers().threadFailure();
    if (threadFailure != null) {
      reasons.add(
          "no worker thread can be made ("
              + SafeThrowables.className(threadFailure)
              + "): see workerThreads(..) and the memory");
    }
    if (running.failures().sawOutOfMemory()) {
      reasons.add("a handler ran out of memory: the process may be damaged, restart it");
    }
    long slow = Watchdog.slow(settings.handlerTimeout()).toNanos();
    for (InFlight one : running.workers().inFlight()) {
      HandlerCall call = one.call();
      if (call.isAbandoned()) {
        continue;
      }
      if (call.isOverdue()) {
        reasons.add("hung: " + one.attempt() + runsFor(call) + ", and was interrupted");
      } else if (time.nanos() - call.begunNanos() > slow) {
        reasons.add("slow: " + one.attempt() + runsFor(call));
      }
    }
  }

  /** True where no more of them can be replaced. */
  private boolean addAbandoned(List<String> reasons) {
    for (InFlight one : abandoned.all()) {
      reasons.add(
          "abandoned: "
              + one.attempt()
              + runsFor(one.call())
              + " on "
              + one.where()
              + "; its result is ignored");
    }
    int over = abandoned.overLimit();
    if (over > 0) {
      reasons.add(
          "too many hung handlers: "
              + over
              + " over the limit of "
              + abandoned.limit()
              + " that are replaced; restart the process");
    }
    return over > 0;
  }

  private String runsFor(HandlerCall call) {
    return " runs for " + Duration.ofNanos(time.nanos() - call.begunNanos()).toSeconds() + " s";
  }
}
