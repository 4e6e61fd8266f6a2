package io.github.safeconsumer.sim.kafka;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What goes wrong, by chance and on demand. Every fault is counted by its kind when it strikes.
 * Without rates nothing goes wrong, and nothing is drawn.
 */
public final class Faults {
  private static final long MILLION = 1_000_000;

  private record Span(long least, long most) {}

  private final World world;
  private final Map<FaultKind, Long> rates = new EnumMap<>(FaultKind.class);
  private final Map<FaultKind, Span> spans = new EnumMap<>(FaultKind.class);
  private final Map<FaultKind, Integer> ordered = new EnumMap<>(FaultKind.class);
  private final Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
  private boolean on = true;

  public Faults(World world) {
    this.world = world;
  }

  /** How often in a million occasions. */
  public Faults rate(FaultKind kind, long perMillion) {
    rates.put(kind, perMillion);
    return this;
  }

  /** How long faults of this kind last (or calls struck by it take). */
  public Faults lasting(FaultKind kind, long leastMillis, long mostMillis) {
    spans.put(
        kind,
        new Span(
            TimeUnit.MILLISECONDS.toNanos(leastMillis), TimeUnit.MILLISECONDS.toNanos(mostMillis)));
    return this;
  }

  /** The next occasion for this kind is struck for certain. */
  public void next(FaultKind kind) {
    ordered.merge(kind, 1, Integer::sum);
  }

  /** No more faults by chance, for the time in which everything has to heal. */
  public void stop() {
    on = false;
  }

  /** Chance may strike again. */
  public void go() {
    on = true;
  }

  /** Faults injected so far. */
  public Map<FaultKind, Long> counts() {
    return new EnumMap<>(counts);
  }

  /** Counts a fault that the simulation itself injected, such as a forced eviction. */
  public void injected(FaultKind kind, String where) {
    counts.merge(kind, 1L, Long::sum);
    world.trace("FAULT " + kind + " at " + where);
  }

  boolean strikes(FaultKind kind, String where) {
    if (!isOrdered(kind) && !byChance(kind)) {
      return false;
    }
    injected(kind, where);
    return true;
  }

  private boolean isOrdered(FaultKind kind) {
    if (ordered.isEmpty() || !ordered.containsKey(kind)) {
      return false;
    }
    ordered.merge(kind, -1, (now, less) -> now + less == 0 ? null : now + less);
    return true;
  }

  private boolean byChance(FaultKind kind) {
    long rate = on ? rates.getOrDefault(kind, 0L) : 0;
    return rate > 0 && world.nextLong(MILLION) < rate;
  }

  /** Nanoseconds; half a second to ten seconds unless said otherwise. */
  long lasts(FaultKind kind) {
    Span span =
        spans.getOrDefault(
            kind, new Span(TimeUnit.MILLISECONDS.toNanos(500), TimeUnit.SECONDS.toNanos(10)));
    return span.least() + world.nextLong(Math.max(1, span.most() - span.least()));
  }
}
