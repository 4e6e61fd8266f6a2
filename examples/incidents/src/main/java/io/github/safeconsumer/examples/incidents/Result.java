package io.github.safeconsumer.examples.incidents;

import java.util.Optional;

/**
 * What was said of an incident.
 *
 * @param error why it could not be staged; empty where it was
 */
record Result(
    Incident incident,
    Optional<Watch.Said> inside,
    Optional<Watch.Said> notReady,
    Optional<Watch.Said> outside,
    Optional<Throwable> error) {

  /** Whether all that had to be said was said. */
  boolean isAsExpected() {
    return error.isEmpty()
        && inside.isPresent() != incident.inside().isEmpty()
        && (notReady.isPresent() || !incident.notReady())
        && outside.isPresent() != incident.outside().isEmpty();
  }
}
