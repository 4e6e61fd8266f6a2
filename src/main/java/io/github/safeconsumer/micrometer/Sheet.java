package io.github.safeconsumer.micrometer;

import io.micrometer.core.instrument.Tags;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** All figures of a consumer at one moment. Filled by one thread, then only read. */
final class Sheet {
  static final Sheet EMPTY = new Sheet(Tags.empty());

  private final Tags common;
  private final Map<Series, Double> values = new LinkedHashMap<>();

  /**
   * @param common the tags that all figures have
   */
  Sheet(Tags common) {
    this.common = common;
  }

  /** Each figure has the same keys in all of its series: Prometheus refuses anything else. */
  void put(Figure figure, double value, String... tagValues) {
    Tags tags = common;
    for (int i = 0; i < tagValues.length; i++) {
      tags = tags.and(figure.tags().get(i), tagValues[i]);
    }
    if (tagValues.length != figure.tags().size()) {
      throw new IllegalArgumentException(figure + " wants values of " + figure.tags());
    }
    values.put(new Series(figure.family(), tags), value);
  }

  /** A count; from 2^53 on doubles leave some out. */
  void put(Figure figure, long value, String... tagValues) {
    put(figure, (double) value, tagValues);
  }

  /** A figure that Kafka names. */
  void put(Family family, double value) {
    values.put(new Series(family, common), value);
  }

  Set<Series> series() {
    return values.keySet();
  }

  /** NaN for one that is not there. */
  double value(Series series) {
    return values.getOrDefault(series, Double.NaN);
  }
}
