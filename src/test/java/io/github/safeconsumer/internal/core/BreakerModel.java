package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.BreakerStatus.State;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.FailureAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A second, naive breaker, and random attempts through both: they have to agree at every step. */
final class BreakerModel {
  private final Random random;
  private final int failures;
  private final long first;
  private final long cap;
  private final Breaker real;
  private final List<Try> running = new ArrayList<>();

  private State state = State.CLOSED;
  private boolean forced;
  private long now;
  private long probeAt;
  private long growth;
  private int outages;
  private Set<Integer> records = new HashSet<>();
  private Try probe;

  private static final class Try {
    final int era;
    final int record;
    boolean counts = true;

    Try(int era, int record) {
      this.era = era;
      this.record = record;
    }
  }

  BreakerModel(Random random) {
    this.random = random;
    this.failures = 1 + random.nextInt(4);
    this.first = random.nextLong(1, 11);
    this.cap = first + (long) random.nextInt(50);
    this.real =
        new Breaker(
            "x",
            CircuitBreakerPolicy.consecutiveFailures(failures)
                .openFor(Duration.ofMillis(first), Duration.ofMillis(cap)));
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step(random.nextInt(100));
      assertThat(real.isClosed()).as("closed at step %d", i).isEqualTo(state == State.CLOSED);
      assertThat(real.isHalfOpen()).as("half open, step %d", i).isEqualTo(state == State.HALF_OPEN);
      assertThat(real.isForced()).isEqualTo(forced);
    }
  }

  private void step(int dice) {
    if (dice < 30) {
      if (state == State.CLOSED) {
        running.add(new Try(real.era(), random.nextInt(6)));
      }
    } else if (dice < 75) {
      if (!running.isEmpty()) {
        end(running.remove(random.nextInt(running.size())));
      }
    } else if (dice < 85) {
      now += random.nextInt((int) cap + 2);
    } else if (dice < 96) {
      tryProbe();
    } else if (dice < 97) {
      real.forceOpen(nanos());
      forced = true;
      moves(State.OPEN);
    } else if (dice < 98) {
      real.close(nanos());
      forced = false;
      growth = 0;
      clear();
      if (state != State.CLOSED) {
        moves(State.CLOSED);
      }
    } else if (probe != null) {
      real.giveBack(probe.era, "taken back", nanos());
      if (state == State.HALF_OPEN) {
        moves(State.OPEN);
        probeAt = now + Breaker.AGAIN_NANOS / 1_000_000;
      }
    }
  }

  private long nanos() {
    return now * 1_000_000;
  }

  private void tryProbe() {
    Breaker.Probing probing = real.probe(nanos());
    boolean may = state == State.OPEN && !forced && now >= probeAt;
    assertThat(probing != null).as("a probe may go").isEqualTo(may);
    if (probing != null) {
      moves(State.HALF_OPEN);
      probe = new Try(probing.permit(), random.nextInt(6));
      running.add(probe);
    }
  }

  private void end(Try one) {
    boolean counts = one == probe || (one.counts && state == State.CLOSED);
    switch (random.nextInt(5)) {
      case 0, 1 -> {
        real.succeeded(one.era, nanos());
        if (counts) {
          growth = 0;
          answered(one);
        }
      }
      case 2 -> {
        real.failed(one.era, FailureAction.DEAD_LETTER, one.record, nanos());
        if (counts) {
          answered(one);
        }
      }
      case 3 -> {
        real.failed(one.era, FailureAction.OUTAGE, one.record, nanos());
        if (counts) {
          outages++;
          failed(one);
        }
      }
      default -> {
        real.failed(one.era, FailureAction.RETRY, one.record, nanos());
        if (counts) {
          outages = 0;
          records.add(one.record);
          failed(one);
        }
      }
    }
  }

  private void answered(Try one) {
    clear();
    if (one == probe) {
      moves(State.CLOSED);
    }
  }

  private void failed(Try one) {
    if (one == probe || outages >= failures || records.size() >= failures) {
      growth++;
      long open = first;
      for (long i = 1; i < growth; i++) {
        open = Math.min(cap, 2 * open);
      }
      moves(State.OPEN);
      probeAt = now + open;
    }
  }

  private void clear() {
    outages = 0;
    records = new HashSet<>();
  }

  private void moves(State next) {
    if (next == State.OPEN) {
      clear();
    }
    if (state != next) {
      probe = null;
      running.forEach(one -> one.counts = false);
    }
    state = next;
  }
}
