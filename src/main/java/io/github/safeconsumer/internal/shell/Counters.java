package io.github.safeconsumer.internal.shell;

import java.util.concurrent.atomic.LongAdder;

/** Totals since start(). Written from any thread. */
public final class Counters {
  public final LongAdder handled = new LongAdder();
  public final LongAdder attemptsFailed = new LongAdder();
  public final LongAdder deadLettered = new LongAdder();
  public final LongAdder skipped = new LongAdder();
  public final LongAdder commits = new LongAdder();
  public final LongAdder commitsFailed = new LongAdder();
  public final LongAdder rebalances = new LongAdder();
  public final LongAdder restarts = new LongAdder();
  public final LongAdder eventsDropped = new LongAdder();

  /** Records done, however they ended. */
  long done() {
    return handled.sum() + deadLettered.sum() + skipped.sum();
  }
}
