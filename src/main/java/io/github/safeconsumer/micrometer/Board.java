package io.github.safeconsumer.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The meters of a consumer in one registry: those of the latest sheet. What is in there holds this
 * and its source, so nobody else has to. For one thread at a time.
 */
final class Board {
  /** Counters hold what they count weakly, so what they count is in their function. */
  private static final Object ANYTHING = new Object();

  /** Keeps its last value, so that it never goes back. */
  private static final class Count implements ToDoubleFunction<Object> {
    private final Source source;
    private final Series series;
    private volatile double last;

    private Count(Source source, Series series) {
      this.source = source;
      this.series = series;
    }

    @Override
    public double applyAsDouble(Object anything) {
      double now = source.value(series);
      if (!Double.isNaN(now)) {
        last = now;
      }
      return last;
    }
  }

  private final MeterRegistry registry;
  private final Source source;
  private final Map<Series, Meter> shown = new HashMap<>();

  Board(MeterRegistry registry, Source source) {
    this.registry = registry;
    this.source = source;
  }

  /** Registers what came and removes what went. */
  void show(Sheet sheet) {
    if (shown.keySet().equals(sheet.series())) {
      return;
    }
    shown
        .entrySet()
        .removeIf(
            one -> {
              boolean gone = !sheet.series().contains(one.getKey());
              if (gone) {
                registry.remove(one.getValue());
              }
              return gone;
            });
    for (Series series : sheet.series()) {
      if (!shown.containsKey(series)) {
        shown.put(series, register(series));
      }
    }
  }

  private Meter register(Series series) {
    Family family = series.family();
    String unit = family.unit().isEmpty() ? null : family.unit();
    if (family.counts()) {
      return FunctionCounter.builder(family.name(), ANYTHING, new Count(source, series))
          .tags(series.tags())
          .baseUnit(unit)
          .description(family.description())
          .register(registry);
    }
    return Gauge.builder(family.name(), () -> source.value(series))
        .tags(series.tags())
        .baseUnit(unit)
        .description(family.description())
        .register(registry);
  }
}
