package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;

/**
 * The share of {@code concurrency} that was busy over the last ten seconds. It looks at how many
 * are busy now rather than at how many ended: what runs for minutes counts all the while. Pure; not
 * thread-safe.
 */
public final class Utilisation {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int concurrency;
  private final RecentRate busySeconds = new RecentRate();
  private double total;
  private long sampledAt;
  private int sampled = -1;

  public Utilisation(int concurrency) {
    this.concurrency = concurrency;
  }

  /** So many are busy now; between two samples their mean was. */
  public void sample(long now, int busy) {
    if (sampled >= 0) {
      total += (sampled + busy) / 2.0 * ((now - sampledAt) / SECOND);
    }
    sampled = busy;
    sampledAt = now;
    busySeconds.at(now, total);
  }

  /**
   * From 0 to 1; 0 in the first second. What is not sampled yet counts as idle, so that it is
   * forgotten even when samples end.
   */
  public double share(long now) {
    double busy = busySeconds.perSecond(now, total).orElse(0);
    return Math.max(0, Math.min(1, busy / concurrency));
  }
}
