package io.github.safeconsumer.internal.core;

import java.time.Duration;

/**
 * Self-fencing: whether this process stood still (suspended, frozen, a long collection) for so long
 * that its membership cannot be trusted. The broker's answer to a commit proves nothing: a member
 * that was expelled may still commit successfully.
 *
 * <p>Two threads report in, a ticker and the loop; a gap is the larger of the monotonic and the
 * wall clock's, since a suspended machine may stop the first. Thread-safe, pure.
 */
public final class StallWatch {
  /** What a stall means. */
  public enum Verdict {
    NONE,
    /**
     * Short: poll for one heartbeat interval before the next commit, so that an expulsion is heard
     * of.
     */
    CAUTION,
    /** The group may have expelled this member: nothing started before counts any more. */
    FENCE
  }

  private static final long CAUTION_MILLIS = 2_000;

  private final long sessionMillis;
  private long lastMonoMillis;
  private long lastWallMillis;
  private long longestMillis;
  private boolean started;

  /** Fences at the session time-out less one heartbeat. */
  public StallWatch(Duration sessionTimeout, Duration heartbeatInterval) {
    this.sessionMillis = Math.max(1_000, sessionTimeout.toMillis() - heartbeatInterval.toMillis());
  }

  /** This process is alive at this moment. */
  public synchronized void tick(long monoMillis, long wallMillis) {
    if (started) {
      long gap = Math.max(monoMillis - lastMonoMillis, wallMillis - lastWallMillis);
      longestMillis = Math.max(longestMillis, gap);
    }
    started = true;
    lastMonoMillis = monoMillis;
    lastWallMillis = wallMillis;
  }

  /** What the longest gap since the last {@link #take} means. */
  public synchronized Verdict peek() {
    return verdict(longestMillis);
  }

  /** The longest gap since the last call, and what it means. */
  public synchronized Stall take() {
    long gap = longestMillis;
    longestMillis = 0;
    return new Stall(verdict(gap), Duration.ofMillis(gap));
  }

  private Verdict verdict(long gapMillis) {
    return gapMillis >= sessionMillis
        ? Verdict.FENCE
        : gapMillis >= CAUTION_MILLIS ? Verdict.CAUTION : Verdict.NONE;
  }

  /**
   * @param gap how long the process stood still
   */
  public record Stall(Verdict verdict, Duration gap) {}
}
