package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;

/**
 * Runs the suspects of a partition one by one. Stepped by the loop; holds no lock but the
 * partition's, inside its methods.
 *
 * <pre>
 *   RESTING   until the process is ours
 *   CLEARING  until nothing else runs, or 30 s are over
 *   NAMED     until the record ended: then the next one, NAMED again
 *   SILENCED  until a commit that names none is confirmed: then RESTING again
 * </pre>
 *
 * NAMED: a commit that names the record, and lets it start, is sent; it starts once that is
 * confirmed. The process is given back only after a commit that names none was confirmed: else a
 * death in another partition could be taken for this record's.
 */
final class SoloRun {
  private static final long CLEARING_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long ALONE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private enum Step {
    RESTING,
    CLEARING,
    NAMED,
    SILENCED
  }

  private final OwnedPartition partition;
  private final Solitude solitude;
  private Step step = Step.RESTING;
  private long since;
  private long named;
  private boolean shared;

  SoloRun(OwnedPartition partition, Solitude solitude) {
    this.partition = partition;
    this.solitude = solitude;
  }

  void step(long now) {
    switch (step) {
      case RESTING -> rest(now);
      case CLEARING -> clear(now);
      case NAMED -> run(now);
      case SILENCED -> silence(now);
    }
  }

  private void rest(long now) {
    if (partition.suspects().candidate(now) >= 0 && solitude.tryTake(partition, now)) {
      partition.suspects().exclusive(true);
      step = Step.CLEARING;
      since = now;
    }
  }

  /** Whether no other record runs in the whole process that anybody waits for. */
  private boolean isQuiet() {
    return partition.suspects().isQuiet() && solitude.isQuiet(partition);
  }

  private void clear(long now) {
    long candidate = partition.suspects().candidate(now);
    if (candidate < 0) {
      giveBack(now); // paused, leaving, or none is left
      return;
    }
    boolean quiet = isQuiet();
    if ((quiet && !partition.suspects().isSending()) || now - since >= CLEARING_NANOS) {
      name(candidate, quiet && !solitude.hasStrays(), now);
    }
  }

  private void name(long candidate, boolean quiet, long now) {
    named = candidate;
    since = now;
    shared = false;
    step = Step.NAMED;
    partition.suspects().name(candidate, quiet);
  }

  private void run(long now) {
    if (!partition.suspects().isUnderWay(named, now)) {
      long next = partition.suspects().candidate(now);
      if (shared || next < 0 || solitude.isLongEnough(partition, now)) {
        partition.suspects().nameNone();
        step = Step.SILENCED;
      } else if (partition.suspects().isSending()) {
        step = Step.CLEARING; // a death now would have its dead letter written again
        since = now;
      } else {
        name(next, isQuiet() && !solitude.hasStrays(), now);
      }
    } else if (!shared && now - since >= ALONE_NANOS) {
      // It takes long: the others must not wait for it, so from here on it is not alone.
      shared = true;
      partition.suspects().name(named, false);
    } else if (shared && partition.suspects().isConfirmed()) {
      solitude.release(partition, now);
    }
  }

  private void silence(long now) {
    if (partition.suspects().isConfirmed()) {
      giveBack(now);
    }
  }

  private void giveBack(long now) {
    partition.suspects().exclusive(false);
    solitude.release(partition, now);
    step = Step.RESTING;
  }

  /** Whether it waits for something that a turn of the loop brings on. */
  boolean isUnderWay() {
    return step != Step.RESTING;
  }
}
