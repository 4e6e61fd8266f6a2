package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;

/**
 * When to commit: at most 5 times a second while records are being worked on, and within 20 ms once
 * they are done. Pure; used by the loop only.
 */
public final class CommitPacer {
  private static final long UNDER_LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private long lastCommit;
  private long lastBusy;
  private boolean committed;

  /** Whether a commit should go out now. Call once a turn. */
  public boolean due(long now, boolean dirty, boolean busy) {
    if (busy) {
      lastBusy = now;
    }
    if (!dirty) {
      return false;
    }
    if (!committed || now - lastCommit >= UNDER_LOAD_NANOS) {
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
