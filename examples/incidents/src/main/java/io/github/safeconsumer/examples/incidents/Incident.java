package io.github.safeconsumer.examples.incidents;

/**
 * Something that goes wrong with a consumer.
 *
 * @param name in a few words
 * @param inside the code that {@code diagnose()} has to give; empty where there is nobody to ask
 * @param outside the code that {@code GroupDoctor} has to give; empty where nothing can be seen
 *     from there
 * @param notReady whether readiness has to be DOWN, too
 * @param script brings it about
 */
record Incident(String name, String inside, String outside, boolean notReady, Script script) {

  /** Brings an incident about. */
  @FunctionalInterface
  interface Script {
    /** Returns when the incident has begun, or will by itself. */
    void play(Stage stage) throws Exception;
  }
}
