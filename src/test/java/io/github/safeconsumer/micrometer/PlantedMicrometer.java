package io.github.safeconsumer.micrometer;

import io.github.safeconsumer.internal.core.Ledger;

/** A class that breaks the rule of the package, by which the rule proves that it sees it. */
public final class PlantedMicrometer {
  private PlantedMicrometer() {}

  /** Beside the public API. */
  public record KnowsInternals(Ledger ledger) {}
}
