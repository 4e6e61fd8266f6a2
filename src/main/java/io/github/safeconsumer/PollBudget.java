package io.github.safeconsumer;

import java.time.Duration;

/** How many records fit into the poll interval, and back. */
public record PollBudget(
    Duration maxPollInterval, double margin, Duration latency, int parallelism) {
  /** The share of the poll interval that work may fill. */
  public static final double MARGIN = 0.7;
}
