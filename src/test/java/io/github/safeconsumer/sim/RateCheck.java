package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * S12: starts keep to the rate in force. A bucket of the same size, filled at the highest rate that
 * can be in force, never lacks a permit for a start: so no second sees more than the rate and its
 * burst, and no minute more than sixty times the rate and one burst.
 */
final class RateCheck implements Check {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final double HELD_SECONDS = 0.1;

  /**
   * A thread can be behind between the moment that it may start a record and the start itself. So a
   * limit that was lowered meanwhile does not hold for it yet, however many such starts there are.
   */
  private static final double BEHIND_SECONDS = 0.1;

  private static final long BEHIND = (long) (BEHIND_SECONDS * SECOND);

  private static final long AFTER_STALL = TimeUnit.SECONDS.toNanos(2);

  /** A limit that was set; the order of the facts says when. */
  private static final class Limit {
    final long id;
    final double perSecond;
    final long begun;
    long ended = -1;
    long lasts = Long.MAX_VALUE;

    Limit(long id, double perSecond, long begun) {
      this.id = id;
      this.perSecond = perSecond;
      this.begun = begun;
    }
  }

  private static final class State {
    /** Those that can be in force: the last one, and those that are being set. */
    final List<Limit> limits = new ArrayList<>();

    double permits;
    long filledAt;

    double perSecond() {
      return limits.stream()
          .mapToDouble(limit -> limit.perSecond)
          .max()
          .orElse(Double.POSITIVE_INFINITY);
    }
  }

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Map<String, State> states = new HashMap<>();
  private long order;

  RateCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  @Override
  public void see(long now, Fact fact) {
    order++;
    if (fact instanceof Fact.RateAsked asked) {
      State state = states.computeIfAbsent(asked.consumer(), c -> new State());
      fill(now, asked.consumer(), state);
      boolean fresh = state.limits.isEmpty();
      if (fresh && asked.perSecond() != Double.POSITIVE_INFINITY) {
        state.permits = 1;
      }
      state.limits.add(new Limit(asked.id(), asked.perSecond(), order));
    } else if (fact instanceof Fact.RateSet set) {
      State state = states.get(set.consumer());
      fill(now, set.consumer(), state);
      set(state, set.id(), now);
    } else if (fact instanceof Fact.Begun begun) {
      State state = states.get(begun.consumer());
      if (state != null) {
        begun(now, begun, state);
      }
    }
  }

  /** What was set before this one was begun is in force no more, but for who is behind. */
  private void set(State state, long id, long now) {
    for (Limit limit : state.limits) {
      if (limit.id == id) {
        limit.ended = order;
        state.limits.stream()
            .filter(other -> other.ended >= 0 && other.ended < limit.begun)
            .forEach(other -> other.lasts = Math.min(other.lasts, now + BEHIND));
      }
    }
  }

  private void begun(long now, Fact.Begun begun, State state) {
    fill(now, begun.consumer(), state);
    double rate = state.perSecond();
    if (rate == Double.POSITIVE_INFINITY) {
      return;
    }
    verdicts.checked(Invariant.S12R);
    state.permits--;
    long since = now - AFTER_STALL;
    if (circumstances.stalled(begun.consumer(), since, now) > 0) {
      state.permits = Math.max(0, state.permits); // what stood still had been let through before
    }
    if (state.permits < -rate * BEHIND_SECONDS - 0.01) {
      verdicts.violated(
          Invariant.S12R,
          "%s %s@%d begins %.1f starts before its time at %.2f a second"
              .formatted(
                  begun.consumer(), begun.partition(), begun.offset(), -state.permits, rate));
    }
  }

  private void fill(long now, String consumer, State state) {
    int batch = circumstances.traits(consumer).batch();
    List<Limit> over = state.limits.stream().filter(limit -> limit.lasts <= now).toList();
    over.stream()
        .sorted(Comparator.comparingLong(limit -> limit.lasts))
        .forEach(
            limit -> {
              fill(limit.lasts, batch, state);
              state.limits.remove(limit);
            });
    fill(now, batch, state);
  }

  private static void fill(long now, int batch, State state) {
    double rate = state.perSecond();
    double most = Math.max(1, Math.max(rate * HELD_SECONDS, Math.min(batch, rate)));
    double came = rate == Double.POSITIVE_INFINITY ? most : (now - state.filledAt) / SECOND * rate;
    state.permits = Math.min(most, state.permits + came);
    state.filledAt = now;
  }
}
