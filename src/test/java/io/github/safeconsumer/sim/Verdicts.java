package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the checks found, and how often each had something to check. */
final class Verdicts {
  /**
   * @param text for a reader
   */
  record Violation(Invariant invariant, String text) {
    @Override
    public String toString() {
      return invariant + ": " + text;
    }
  }

  private final List<Violation> violations = new ArrayList<>();
  private final Map<Invariant, Long> premises = new EnumMap<>(Invariant.class);

  void violated(Invariant invariant, String text) {
    violations.add(new Violation(invariant, text));
  }

  /** The premise of this invariant was true: it was really checked. */
  void checked(Invariant invariant) {
    premises.merge(invariant, 1L, Long::sum);
  }

  List<Violation> violations() {
    return violations;
  }

  Map<Invariant, Long> premises() {
    return premises;
  }
}
