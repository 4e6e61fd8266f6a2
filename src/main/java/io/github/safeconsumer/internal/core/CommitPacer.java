package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;

/**
 * When to commit: at most 5 times a second while records are being worked on, at most 20 times
 * while something waits for it (more only until a lease is long enough), and within 20 ms once all
 * is done. Pure; used by the loop only.
 */
public final class CommitPacer {
  private static final long UNDER_LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long URGENT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long STARVING_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private long lastCommit;
  private long lastBusy;
  private boolean committed;

  /**
   * Whether a commit should go out now. Call once a turn.
   *
   * @param urgent whether a takeover, a retry or the lease waits for it
   * @param starving whether a partition has run all that the lease lets it: a lease that begins
   *     short grows with each commit, so these are few
   */
  public boolean due(long now, boolean dirty, boolean busy, boolean urgent, boolean starving) {
    if (busy) {
      lastBusy = now;
    }
    if (!dirty) {
      return false;
    }
    if (!committed || now - lastCommit >= UNDER_LOAD_NANOS) {
      return true;
    }
    if (starving && now - lastCommit >= STARVING_NANOS) {
      return true;
    }
    if (urgent && now - lastCommit >= URGENT_NANOS) {
      return true;
    }
    return !busy && now - lastBusy >= QUIET_NANOS;
  }

  /** A commit was sent. */
  public void sent(long now) {
    committed = true;
    lastCommit = now;
  }
}
