package io.github.safeconsumer.examples.faults;

import java.nio.file.Path;

/**
 * What a {@link Trouble} may touch.
 *
 * @param crew the members
 * @param broker the broker
 * @param downstream what the handlers call
 * @param topic where the records are
 * @param journal what the members write down
 */
record Stage(Crew crew, Broker broker, Downstream downstream, String topic, Path journal) {

  /** Whether the present process of a member was given partitions. */
  boolean isAtWork(int member) {
    return crew.isAlive(member)
        && Tally.of(new JournalReader(journal).more()).owns(crew.pid(member));
  }
}
