package io.github.safeconsumer.examples.demo;

import java.time.Duration;

/**
 * How much of everything there is. All counts but the first are per partition.
 *
 * @param partitions of the orders topic
 * @param orders in all, the following included
 * @param malformed bodies that are no order
 * @param unknownCustomers orders that fail at every attempt
 * @param declined orders that fail twice and then succeed
 * @param slow orders that take {@link Fulfilment#CUSTOMS}, in one stretch
 * @param limit how long the groups may run
 */
record Scale(
    int partitions,
    int orders,
    int malformed,
    int unknownCustomers,
    int declined,
    int slow,
    Duration limit) {

  /** About a minute and a half: one slow stretch is a whole poll of 500 records, 60 s. */
  static final Scale FULL = new Scale(4, 10_000, 12, 6, 12, 500, Duration.ofSeconds(110));

  /** Under a minute in all, for CI: one slow stretch is 24 s, still four poll intervals. */
  static final Scale SHORT = new Scale(4, 2_000, 4, 2, 4, 200, Duration.ofSeconds(45));

  int total() {
    return partitions * orders;
  }
}
