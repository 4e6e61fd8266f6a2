package io.github.safeconsumer.examples.faults;

import java.time.Duration;

/**
 * How large and how long.
 *
 * @param records good records of a partition
 * @param patience how long the naive loop gets
 * @param outage how long a downstream or the dead-letter topic is away
 * @param kills how many members are killed
 * @param hurried whether both sides run at the same time, while the members for the next fault
 *     start
 */
record Scale(int records, Duration patience, Duration outage, int kills, boolean hurried) {
  static final Scale FULL =
      new Scale(300, Duration.ofSeconds(40), Duration.ofSeconds(30), 6, false);
  static final Scale SHORT =
      new Scale(150, Duration.ofSeconds(10), Duration.ofSeconds(10), 3, true);
}
