package io.github.safeconsumer.sim;

import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What keeps the work of a run back: what is declared of its latency, a limit of its rate, and
 * times at which everything takes a hundred times as long.
 *
 * @param perSecond the rate limit that each consumer begins with, and around which it is changed; 0
 *     for none
 * @param jumpEverySeconds mean time between two jumps of the latency of a topic; 0 for never
 * @param uneven whether the first topic is a hundred times as slow all the time
 */
record Tempo(Declared declared, double perSecond, int jumpEverySeconds, boolean uneven) {
  static final Tempo NONE = new Tempo(Declared.NONE, 0, 0, false);

  /** How much longer everything takes after a jump. */
  static final int SLOWER = 100;

  /** What the caller says of the latency. */
  enum Declared {
    NONE,
    TRUE,
    FAR_TOO_LOW,
    FAR_TOO_HIGH
  }

  static Tempo of(SplittableRandom random, Plan plan) {
    boolean limited = random.nextInt(4) == 0;
    double share = (1 + random.nextInt(40)) / 10.0;
    return new Tempo(
        Plan.any(random, Declared.values()),
        limited ? Math.max(0.5, share * plan.recordsPerSecond() / plan.members()) : 0,
        random.nextInt(4) > 0 ? 0 : 10 + random.nextInt(40),
        random.nextInt(8) == 0);
  }

  /** Another rate, from a fifth of the usual one to five times as much, or none. */
  double anotherRate(SplittableRandom random) {
    return random.nextInt(4) == 0
        ? Double.POSITIVE_INFINITY
        : perSecond * Math.exp((random.nextDouble() - 0.5) * 2 * Math.log(5));
  }

  @Nullable Duration expectedLatency(Handlers.Mood mood) {
    return switch (declared) {
      case NONE -> null;
      case TRUE -> Duration.ofMillis(usualMillis(mood));
      case FAR_TOO_LOW -> Duration.ofNanos(usualMillis(mood) * 10_000);
      case FAR_TOO_HIGH -> Duration.ofMillis(Math.min(30_000, usualMillis(mood) * 100));
    };
  }

  private static long usualMillis(Handlers.Mood mood) {
    return switch (mood) {
      case FAST -> 2;
      case MIXED -> 160;
      case SLOW -> 2_000;
      case FAILING -> 20;
      case HANGING -> 300;
    };
  }
}
