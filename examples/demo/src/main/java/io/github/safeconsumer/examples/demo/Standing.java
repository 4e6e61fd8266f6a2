package io.github.safeconsumer.examples.demo;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * How one group stands.
 *
 * @param group its name
 * @param lags by partition
 * @param handled orders fulfilled at least once
 * @param rate orders fulfilled per second
 * @param rebalances since the group was complete
 * @param duplicates orders fulfilled again
 * @param retried attempts on records that had failed before
 * @param deadLettered records in the dead-letter topic; empty where the group has none
 * @param time since the first order was written, up to the end where there is nothing left to do
 * @param news what happened last
 */
record Standing(
    String group,
    List<Long> lags,
    long handled,
    long rate,
    long rebalances,
    long duplicates,
    long retried,
    OptionalLong deadLettered,
    Duration time,
    String news) {
  Standing {
    lags = List.copyOf(lags);
  }

  long lag() {
    return lags.stream().mapToLong(Long::longValue).sum();
  }
}
