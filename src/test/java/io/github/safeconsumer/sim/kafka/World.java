package io.github.safeconsumer.sim.kafka;

/** What the simulated Kafka asks of the simulation that it lives in. */
public interface World {
  /** Virtual monotonic time; may start anywhere and may wrap. */
  long nanos();

  /** Virtual wall clock. */
  long millis();

  /** Seeded chance, from 0 (inclusive) to the bound (exclusive). */
  long nextLong(long bound);

  /** The calling simulated thread takes that long; others run meanwhile. */
  void pass(long nanos);

  /** Runs an event of the cluster later, on the scheduler itself, atomically. */
  void at(long delayNanos, Runnable event);

  /** One line of the readable trace. */
  void trace(String line);
}
