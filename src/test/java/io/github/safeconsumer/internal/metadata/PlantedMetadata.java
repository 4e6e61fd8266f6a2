package io.github.safeconsumer.internal.metadata;

import io.github.safeconsumer.internal.core.Ledger;

/** A class that breaks the rule of the package, by which the rule proves that it sees it. */
public final class PlantedMetadata {
  private PlantedMetadata() {}

  /** Depends upwards. */
  public record KnowsCore(Ledger ledger) {}
}
