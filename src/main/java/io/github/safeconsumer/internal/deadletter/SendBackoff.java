package io.github.safeconsumer.internal.deadletter;

import java.time.Duration;

/** Delay before a letter is sent again: 100 ms doubling to 30 s, +-20 %, endless. */
final class SendBackoff {
  static final Duration FIRST = Duration.ofMillis(100);
  static final Duration CAP = Duration.ofSeconds(30);

  private static final double JITTER = 0.2;
  private static final int MOST_DOUBLINGS = 20;

  private SendBackoff() {}

  /**
   * The delay after the n-th failure.
   *
   * @param failures from 1
   * @param random from 0 (inclusive) to 1: 0.5 gives the nominal delay
   */
  static Duration delay(int failures, double random) {
    long nominal = FIRST.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS);
    return jittered(Math.min(nominal, CAP.toMillis()), random);
  }

  /** The longest delay, for what only a person can change. */
  static Duration slow(double random) {
    return jittered(CAP.toMillis(), random);
  }

  private static Duration jittered(long nominalMs, double random) {
    return Duration.ofMillis(Math.round(nominalMs * (1 - JITTER + 2 * JITTER * random)));
  }
}
