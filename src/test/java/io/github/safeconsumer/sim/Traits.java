package io.github.safeconsumer.sim;

/**
 * What a checker has to know of one SafeConsumer.
 *
 * @param process the simulated process that it lives in
 * @param instance its static identity, or null
 */
record Traits(
    String process,
    int concurrency,
    long drainNanos,
    long maxPollNanos,
    int maxAttempts,
    String instance) {
  /** As long as a synchronous commit may take. */
  long commitNanos() {
    return Math.min(5_000_000_000L, maxPollNanos / 4);
  }
}
