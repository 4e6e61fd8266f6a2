package io.github.safeconsumer.internal.core;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of one partition beside its work: how fast records come and get done, and how
 * old the oldest record is that is not done. A record that gets done costs an addition; the rest
 * happens about once a second, when the loop looks. Guarded by its partition, but for the end of
 * the log.
 */
final class PartitionMeters {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long UNKNOWN = -1;

  private final RecentRate doneRate = new RecentRate();
  private final RecentRate arrivedRate = new RecentRate();
  private long done;
  private long lookedAt;

  /** When all there was was done, by the wall clock; not known before that was so once. */
  private long caughtUpMillis = UNKNOWN;

  private volatile long end = UNKNOWN;

  /** Where the log ends, as the client or the broker says. */
  void end(long offset) {
    end = offset;
  }

  /** -1 while it is not known. */
  long end() {
    return end;
  }

  /** A record is done. */
  void done() {
    done++;
  }

  /** The loop looks: about once a second, and in the order of time. */
  void look(long watermark, long nowNanos, long nowMillis) {
    lookedAt = nowNanos;
    doneRate.at(nowNanos, (double) done);
    if (end >= 0) {
      arrivedRate.at(nowNanos, (double) end);
      if (watermark >= end) {
        caughtUpMillis = nowMillis;
      }
    }
  }

  /** Over how long both rates are measured; 0 while one of them is not known. */
  long measuredNanos() {
    return Math.min(doneRate.measuredNanos(lookedAt), arrivedRate.measuredNanos(lookedAt));
  }

  OptionalLong lag(long watermark) {
    return end < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, end - watermark));
  }

  /** Records done in a second, lately. */
  OptionalDouble donePerSecond() {
    return doneRate.perSecond(lookedAt, (double) done);
  }

  /** Offsets that were added to the log in a second, lately. */
  OptionalDouble arrivedPerSecond() {
    OptionalDouble rate =
        end < 0 ? OptionalDouble.empty() : arrivedRate.perSecond(lookedAt, (double) end);
    return rate.isPresent() ? OptionalDouble.of(Math.max(0, rate.getAsDouble())) : rate;
  }

  /**
   * How long ago the oldest record that is not done was produced, by its own timestamp. Of one that
   * is not polled yet only the most that it can be is known: it came after all before it was done.
   */
  Optional<Duration> oldestAge(@Nullable OpenRecord oldest, long watermark, long nowMillis) {
    if (oldest != null && oldest.record.timestamp() >= 0) {
      return Optional.of(Duration.ofMillis(Math.max(0, nowMillis - oldest.record.timestamp())));
    }
    long lag = lag(watermark).orElse(0);
    if (oldest != null || lag == 0 || caughtUpMillis < 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofMillis(Math.max(0, nowMillis - caughtUpMillis)));
  }

  /** At the rates of late; empty where it would take for ever, or where they are not known. */
  Optional<Duration> timeToDrain(long watermark) {
    OptionalLong lag = lag(watermark);
    if (lag.isEmpty()) {
      return Optional.empty();
    }
    if (lag.getAsLong() == 0) {
      return Optional.of(Duration.ZERO);
    }
    double gained = donePerSecond().orElse(0) - arrivedPerSecond().orElse(0);
    return gained > 0
        ? Optional.of(Duration.ofNanos((long) (lag.getAsLong() / gained * SECOND))) // saturates
        : Optional.empty();
  }
}
