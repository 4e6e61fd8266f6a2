package io.github.safeconsumer.examples.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What became of one side in one fault.
 *
 * @param outcome how the work stood in the end
 * @param notDone good records that are not done
 * @param lost records that nobody will handle any more: committed, neither done nor dead-lettered
 * @param duplicated times that a record was done which was done already
 * @param deadLettered origins of the dead letters, in order
 * @param attempts how often the handler began a bad record, the most of all bad ones
 * @param deaths processes that ended before the run did
 * @param rebalances times that the partitions were given to members again, once records came
 * @param time from the first record sent to the last good record done, if all are
 */
record Result(
    Outcome outcome,
    long notDone,
    long lost,
    long duplicated,
    List<Place> deadLettered,
    int attempts,
    int deaths,
    int rebalances,
    Optional<Duration> time) {
  Result {
    deadLettered = List.copyOf(deadLettered);
  }
}
