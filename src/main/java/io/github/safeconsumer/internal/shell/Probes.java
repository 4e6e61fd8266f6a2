package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.Breaker;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.Charge;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.Probe;
import io.github.safeconsumer.internal.core.Probe.Candidate;
import io.github.safeconsumer.internal.core.RetryQueue;
import io.github.safeconsumer.internal.core.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The loop's part in the breakers: lets one record through at the time of a probe, takes permits
 * back that can come to nothing any more, and lets go what a named breaker keeps waiting. All of it
 * by looking at how things stand, at every turn: there is no signal that could be lost, so no
 * breaker stays half open, whatever becomes of the record, its partition or the run.
 */
final class Probes {
  private final Breakers breakers;
  private final Breaker breaker;
  private final Assignment assignment;
  private final PauseGate gate;
  private final RetryQueue waiting;
  private final Consumer<OwnedPartition> wake;
  private @Nullable Probe underWay;
  private @Nullable TopicPartition lastPartition;
  private long lastOffset = -1;

  Probes(
      Breakers breakers,
      Assignment assignment,
      PauseGate gate,
      RetryQueue waiting,
      Consumer<OwnedPartition> wake) {
    this.breakers = breakers;
    this.breaker = breakers.consumer().breaker();
    this.assignment = assignment;
    this.gate = gate;
    this.waiting = waiting;
    this.wake = wake;
  }

  /** Lanes that a named breaker kept waiting are due; before the retries that are due are taken. */
  void release(long now) {
    refund(breakers.consumer());
    for (Scope scope : breakers.named()) {
      refund(scope);
      for (Lane lane : scope.takeReleased(now)) {
        waiting.add(lane, now);
      }
    }
  }

  /** The notes must not charge a record for an outage either, should another owner read them. */
  private static void refund(Scope scope) {
    for (Charge charge : scope.breaker().takeRefunds()) {
      Lane lane = charge.lane();
      if (lane != null) {
        lane.partition().stopped().refund(charge);
      }
    }
  }

  /** The probe of the consumer's breaker, one step further. */
  void step(long now) {
    if (breaker.isClosed()) {
      underWay = null;
      return;
    }
    if (breaker.isHalfOpen()) {
      look(now);
    }
    if (breaker.isProbeDue(now) && !gate.isClosedToProbes()) {
      begin(now);
    }
  }

  /** Whether the probe that is out can still come to something. */
  private void look(long now) {
    int permit = breaker.era();
    Probe probe = underWay;
    if (probe == null || probe.permit() != permit) { // of an earlier run
      breakers.tell(breaker.giveBack(permit, "the probe was given up", now));
    } else if (!probe.partition().probe().isUnderWay(probe)) {
      underWay = null;
      breakers.tell(
          probe.isAbandoned()
              ? breaker.gaveUp(permit, "the probe did not end in time", now)
              : breaker.giveBack(permit, "the probe was given up", now));
    } else if (probe.attempt() == null) {
      wake.accept(probe.partition()); // there was no worker free, or the rate did not let it
    }
  }

  private void begin(long now) {
    List<Candidate> all = new ArrayList<>();
    for (OwnedPartition partition : assignment.all()) {
      all.addAll(partition.probe().candidates(2, now)); // the second, should the first be the last
    }
    if (all.isEmpty()) {
      return;
    }
    all.sort(Probe.BEST_FIRST);
    Candidate chosen = all.get(0);
    if (all.size() > 1 && isLast(chosen)) {
      chosen = all.get(1);
    }
    Breaker.Probing probing = breaker.probe(now);
    if (probing == null) {
      return;
    }
    breakers.tell(probing.change());
    Probe probe = new Probe(probing.permit(), chosen, all.size() == 1);
    if (chosen.waiting()) {
      waiting.remove(chosen.lane());
    }
    if (!chosen.partition().probe().grant(probe, chosen.waiting())) {
      if (chosen.waiting()) {
        waiting.add(chosen.lane(), now);
      }
      breakers.tell(breaker.giveBack(probing.permit(), "the probe was given up", now));
      return;
    }
    underWay = probe;
    lastPartition = chosen.partition().topicPartition();
    lastOffset = chosen.offset();
    wake.accept(chosen.partition());
  }

  private boolean isLast(Candidate candidate) {
    return candidate.offset() == lastOffset
        && candidate.partition().topicPartition().equals(lastPartition);
  }

  /** How long until there is something to do here, at most the limit. */
  long nanosToNext(long now, long limit) {
    long next = breaker.isProbeDue(now) ? limit : breaker.nanosToProbe(now, limit);
    for (Scope scope : breakers.named()) {
      next = scope.nanosToRelease(now, next);
    }
    return next;
  }
}
