package io.github.safeconsumer;

import java.util.List;

/**
 * Health for an orchestrator's probes.
 *
 * <p>Liveness is DOWN only where a restart of the process helps: the loop is dead, it has not
 * polled for longer than {@code max.poll.interval.ms}, or the consumer ended FAILED. It is never
 * DOWN for an outage, lag, a blocked record or a pause: a restart makes those worse. Readiness is
 * DOWN, with the reasons, whenever records that should be handled are not.
 *
 * @param liveness for a liveness probe
 * @param readiness for a readiness probe
 * @param reasons why a level is DOWN, each with its place and remedy; empty when both are UP
 */
public record Health(Level liveness, Level readiness, List<String> reasons) {
  /** A probe's answer. */
  public enum Level {
    UP,
    DOWN
  }

  public Health {
    reasons = List.copyOf(reasons);
  }
}
