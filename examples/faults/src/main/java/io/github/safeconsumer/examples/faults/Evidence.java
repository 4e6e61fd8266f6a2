package io.github.safeconsumer.examples.faults;

import java.util.List;

/**
 * What one side left behind.
 *
 * @param plan what stood where
 * @param tally what its handlers wrote down
 * @param committed what the broker has, by partition
 * @param deadLetters origins of what is in the dead-letter topic
 * @param deaths processes that ended
 * @param inflicted how many of these did because they were killed or terminated
 * @param startedAt when the first record was sent
 */
record Evidence(
    Plan plan,
    Tally tally,
    List<Long> committed,
    List<Place> deadLetters,
    int deaths,
    int inflicted,
    long startedAt) {
  Evidence {
    committed = List.copyOf(committed);
    deadLetters = List.copyOf(deadLetters);
  }
}
