package io.github.safeconsumer.crash;

import java.util.HashMap;
import java.util.Map;

/** A kill -9 of a member, and what of its work was done again for it. */
final class Kill {
  private final Map<Ownership, Integer> coveredBefore = new HashMap<>();
  private final long nanos;
  private final int running;
  private int repeated;
  private int repeatedThoughCommitted;
  private long oldestNanos;

  /**
   * @param running attempts that were in the handler
   */
  Kill(long nanos, int running) {
    this.nanos = nanos;
    this.running = running;
  }

  void owned(Ownership ownership, int coveredBeforeLine) {
    coveredBefore.put(ownership, coveredBeforeLine);
  }

  boolean ended(Ownership ownership) {
    return coveredBefore.containsKey(ownership);
  }

  /** A record that this member had done is handled again. */
  void repeated(Ownership ownership, int doneAtLine, long doneAtNanos) {
    repeated++;
    oldestNanos = Math.max(oldestNanos, nanos - doneAtNanos);
    if (doneAtLine < coveredBefore.get(ownership)) {
      repeatedThoughCommitted++;
    }
  }

  int partitions() {
    return coveredBefore.size();
  }

  int running() {
    return running;
  }

  /** Records that were done and were handled again. */
  int repeated() {
    return repeated;
  }

  /** Of those, the ones that were done before the confirmed commit was sent. */
  int repeatedThoughCommitted() {
    return repeatedThoughCommitted;
  }

  /** How long before the kill the oldest of them was done. */
  double oldestMillis() {
    return oldestNanos / 1e6;
  }
}
