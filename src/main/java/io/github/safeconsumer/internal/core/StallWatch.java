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
  /** A gap from here on puts the membership in doubt. */
  private static final long DOUBT_MILLIS = 2_000;

  private final long sessionMillis;
  private final long heartbeatMillis;
  private long lastMonoMillis;
  private long lastWallMillis;
  private volatile long longestMillis;
  private long doubtUntil;
  private volatile long lastSeenMillis;
  private boolean doubted;
  private volatile boolean started;

  /** Fences at the session time-out less one heartbeat. */
  public StallWatch(Duration sessionTimeout, Duration heartbeatInterval) {
    this.sessionMillis = Math.max(1_000, sessionTimeout.toMillis() - heartbeatInterval.toMillis());
    this.heartbeatMillis = heartbeatInterval.toMillis();
  }

  /** This process is alive at this moment. */
  public synchronized void tick(long monoMillis, long wallMillis) {
    if (started) {
      long gap = Math.max(monoMillis - lastMonoMillis, wallMillis - lastWallMillis);
      longestMillis = Math.max(longestMillis, gap);
      if (gap >= DOUBT_MILLIS) {
        doubted = true;
        doubtUntil = monoMillis + heartbeatMillis;
      }
    }
    started = true;
    lastSeenMillis = monoMillis;
    lastMonoMillis = monoMillis;
    lastWallMillis = wallMillis;
  }

  /**
   * Whether the process stood still for 2 s or more within the last heartbeat interval: an
   * expulsion may not have been heard of yet, so nothing is committed meanwhile.
   */
  public synchronized boolean isInDoubt(long monoMillis) {
    if (doubted && monoMillis - doubtUntil >= 0) {
      doubted = false;
    }
    return doubted;
  }

  /**
   * Whether the group may have expelled this member since the last {@link #take}: nothing started
   * before counts any more.
   */
  public synchronized boolean isExpelled() {
    return longestMillis >= sessionMillis;
  }

  /**
   * Whether the group may have expelled this member, by a stall that was noticed and not {@link
   * #take taken}, or by one that nobody has noticed yet: a thread that runs on after a stall asks
   * before it starts anything, since it may be the first to run. Cheap.
   */
  public boolean mayBeExpelled(long monoMillis) {
    return started
        && (longestMillis >= sessionMillis || monoMillis - lastSeenMillis >= sessionMillis);
  }

  /** The longest gap since the last {@link #take}. */
  public Duration longest() {
    return Duration.ofMillis(longestMillis);
  }

  /** What the gaps so far could have cost is settled. */
  public synchronized void take() {
    longestMillis = 0;
  }
}
