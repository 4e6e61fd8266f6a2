package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Fact.Place;
import java.time.Instant;
import java.util.Optional;

/**
 * A dead letter, as far as its headers matter here.
 *
 * @param place of its record
 * @param reason as the header says it
 */
record Letter(Place place, String reason, int attempts, Optional<Instant> firstFailure) {
  static final String EXHAUSTED = "exhausted";
  static final String CRASHED = "crashed";
}
