package io.github.safeconsumer.examples.faults;

import java.time.Duration;
import java.util.List;

/**
 * One line of the table.
 *
 * @param fault its name
 * @param side whose line it is
 * @param patience how long it got, if it was not done
 * @param result what became of it
 * @param violations what SafeConsumer was expected to and did not; empty for the naive loop
 */
record Row(String fault, Side side, Duration patience, Result result, List<String> violations) {
  Row {
    violations = List.copyOf(violations);
  }
}
