package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;

/**
 * So many starts in a second: a bucket of permits that fills at the rate and holds a tenth of a
 * second's worth (at least one; with batches a second's worth, at most one batch), so that no
 * second sees more than the rate and that. Pure; guarded by the {@link Admission}.
 */
final class RateLimit {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final double HELD_SECONDS = 0.1;
  private static final double ROUNDING = 1e-6;

  private final int batch;
  private double perSecond = Double.POSITIVE_INFINITY;
  private double most;
  private double permits;
  private long filledAt;

  /**
   * @param batch most records that start together, 1 where they start one by one
   */
  RateLimit(int batch) {
    this.batch = batch;
  }

  double perSecond() {
    return perSecond;
  }

  boolean isLimited() {
    return perSecond != Double.POSITIVE_INFINITY;
  }

  /** Changes the rate; what was saved up under the old one is not more than the new one allows. */
  void perSecond(double records, long nowNanos) {
    boolean wasLimited = isLimited();
    if (wasLimited) {
      fill(nowNanos);
    }
    perSecond = records;
    most = Math.max(1, Math.max(records * HELD_SECONDS, Math.min(batch, records)));
    permits = wasLimited ? Math.min(permits, most) : 1;
    filledAt = nowNanos;
  }

  /** How many may start now, at most so many. */
  int available(int wanted, long nowNanos) {
    if (!isLimited()) {
      return wanted;
    }
    fill(nowNanos);
    return (int) Math.min(wanted, permits + ROUNDING);
  }

  /** So many start; never more than {@link #available}. */
  void take(int starts) {
    if (isLimited()) {
      permits -= starts;
    }
  }

  /** How many can be had at once at most. */
  int most() {
    return isLimited() ? (int) most : Integer.MAX_VALUE;
  }

  /** How long until so many may start; what can never be had at once counts as all that can. */
  long nanosUntil(int starts, long nowNanos) {
    if (available(starts, nowNanos) >= Math.min(starts, most())) {
      return 0;
    }
    double missing = Math.min(starts, most()) - permits;
    return (long) Math.ceil(missing / perSecond * SECOND);
  }

  private void fill(long nowNanos) {
    double came = (nowNanos - filledAt) / SECOND * perSecond;
    permits = Math.min(most, permits + Math.max(0, came));
    filledAt = nowNanos;
  }
}
