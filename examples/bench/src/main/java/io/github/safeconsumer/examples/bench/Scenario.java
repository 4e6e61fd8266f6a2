package io.github.safeconsumer.examples.bench;

import java.util.List;

/**
 * A situation that all subjects are put into.
 *
 * @param subjects who is run in it where nobody is named
 */
record Scenario(String name, String description, List<Variant> variants, List<String> subjects) {
  Variant variant(String wanted) {
    return variants.stream()
        .filter(variant -> variant.name().equals(wanted))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " has no variant " + wanted));
  }

  boolean isLive() {
    return variants.stream().anyMatch(Variant::isLive);
  }

  boolean isBlocking() {
    return variants.stream().noneMatch(variant -> Double.isNaN(variant.limitPerSecond()));
  }
}
