package io.github.safeconsumer.testing;

import io.github.safeconsumer.internal.shell.Time;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** Clocks that stand until the driver moves them. Read by any thread, moved by the driver's. */
final class VirtualTime implements Time {
  /** A date that is the same in every run. */
  private static final long START_MILLIS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

  private volatile long nanos;

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public long millis() {
    return START_MILLIS + TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  void moveTo(long to) {
    if (to < nanos) {
      throw new IllegalStateException("time does not go back: " + to + " < " + nanos);
    }
    nanos = to;
  }

  /** To the nanosecond, for users. */
  Clock userClock() {
    return new UserClock(ZoneOffset.UTC);
  }

  private final class UserClock extends Clock {
    private final ZoneId zone;

    UserClock(ZoneId zone) {
      this.zone = zone;
    }

    @Override
    public ZoneId getZone() {
      return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
      return new UserClock(other);
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(START_MILLIS).plusNanos(nanos);
    }
  }
}
