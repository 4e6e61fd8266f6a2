package io.github.safeconsumer.examples.demo;

import java.util.List;
import java.util.Set;

/**
 * All that the verdict on SafeConsumer rests on, and nothing that SafeConsumer says of itself.
 *
 * @param feed what stands at each offset
 * @param journal what the handlers did
 * @param offsets what the broker says, after the group has left
 * @param deadLetters what is in the dead-letter topic
 * @param rebalances callbacks of the handler about partitions, after those of the join
 * @param generations in which records were handled
 * @param memberships the sets of member ids that the broker showed while the group ran
 * @param membersAfterClose members that the broker still shows
 */
record Evidence(
    OrderFeed feed,
    Journal journal,
    Offsets offsets,
    List<DeadLetterCopy> deadLetters,
    long rebalances,
    Set<Integer> generations,
    Set<Set<String>> memberships,
    int membersAfterClose) {
  Evidence {
    deadLetters = List.copyOf(deadLetters);
    generations = Set.copyOf(generations);
    memberships = Set.copyOf(memberships);
  }
}
