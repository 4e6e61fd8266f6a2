package io.github.safeconsumer.examples.demo;

import java.util.concurrent.CompletableFuture;

/** One of the two consumer groups. */
interface Group {
  /** For the table. */
  String name();

  /** As the broker knows it. */
  String id();

  /** Joins; completes when each partition has its owner. */
  CompletableFuture<Void> join();

  /** What its handlers did. */
  Journal journal();

  /** Rebalances since {@link #join} was complete. */
  long rebalances();

  /** What happened last, in a few words. */
  String news();

  /** Leaves, and ends every thread. */
  void stop();
}
