package io.github.safeconsumer.examples.bench.subject;

/**
 * A way to consume a topic: what is measured. A run names it by its class, which has a public
 * constructor without parameters. One instance serves one run.
 */
public interface Subject extends AutoCloseable {
  /**
   * Begins to consume the topic of the run in its group, from the earliest offset, and returns once
   * that is under way; the group need not have formed yet. Every record is given to the work.
   */
  void start(RunSpec spec, Work work) throws Exception;

  /** Stops, and commits what is done by this system's own means. */
  @Override
  void close() throws Exception;
}
